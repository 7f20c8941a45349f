/** focusEdit puts the focus on the button that edits a line, once the line is back on the screen; "" takes the first. */
export function focusEdit(field: string): void {
  requestAnimationFrame(() => {
    const all = [...document.querySelectorAll<HTMLElement>(".brief [data-edit]")];
    (all.find((b) => b.dataset["edit"] === field) ?? all[0])?.focus();
  });
}
