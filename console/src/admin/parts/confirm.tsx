import { signal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";

export interface Question {
  title: string;
  /** what will happen, and whether it can be undone */
  text: string;
  /** the button that does it, as a verb */
  act: string;
  danger?: boolean;
}

const asked = signal<{ q: Question; answer(yes: boolean): void } | undefined>(undefined);

/** confirm asks before something that cannot be taken back. */
export function confirm(q: Question): Promise<boolean> {
  asked.value?.answer(false);
  return new Promise((done) => {
    asked.value = {
      q,
      answer(yes) {
        asked.value = undefined;
        done(yes);
      },
    };
  });
}

/** Confirms shows the question that is asked, over everything else. */
export function Confirms() {
  const at = asked.value;
  return at ? <Ask key={at.q.title + at.q.text} {...at} /> : null;
}

function Ask({ q, answer }: { q: Question; answer(yes: boolean): void }) {
  const ref = useRef<HTMLDialogElement>(null);
  const [heading, text] = [useId(), useId()];
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class="dialog adm-confirm"
      role="alertdialog"
      aria-labelledby={heading}
      aria-describedby={text}
      onCancel={(e) => {
        e.preventDefault();
        answer(false);
      }}
    >
      <div class="dialog-body">
        <h2 id={heading}>{q.title}</h2>
        <p id={text}>{q.text}</p>
        <div class="form-row">
          <button type="button" class="button" onClick={() => answer(false)}>
            {t("ui.cancel")}
          </button>
          <button type="button" class={q.danger ? "button adm-danger" : "button primary"} onClick={() => answer(true)}>
            {q.act}
          </button>
        </div>
      </div>
    </dialog>
  );
}
