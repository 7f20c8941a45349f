/** The languages written from right to left. */
export const direction = (language: string) => (/^(ar|he|fa|ur)\b/.test(language) ? "rtl" : "ltr");
