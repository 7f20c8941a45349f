// What the build (web/build) lends to the sources beside TypeScript.

/** A style sheet, its imports resolved, minified, as text for adoptedStyleSheets. */
declare module "*.css?inline" {
  const text: string;
  export default text;
}

/** A style sheet that the build collects into the bundle's own .css file. */
declare module "*.css" {}

/** Address of the panel's bundle, relative to the loader's: "panel-<hash>.js". */
declare const PANEL_FILE: string;

/** Address of the panel's rarely needed part, like PANEL_FILE. */
declare const FORMS_FILE: string;

/** Short hash over all locale files: part of their address, so that they can be cached for long. */
declare const LOCALE_HASH: string;

/** The codes of the interface languages whose name for it is "Chat", separated by spaces. */
declare const LANGUAGES: string;

/** Language code to the chat's name, where it is not "Chat". */
declare const TITLES: Record<string, string>;
