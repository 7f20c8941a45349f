/** What the pages of the administration are made of. */
export { book } from "./book.ts";
export { confirm } from "./confirm.tsx";
export { CopyBox } from "./copy.tsx";
export { Area, Checks, Choice, Line, Many, Num, numberError, Text, Toggle, type Option } from "./fields.tsx";
export { errorAt, form, useForm, type Form } from "./form.ts";
export { ago, day, personName, when, whole } from "./format.ts";
export { ListPage, RemoveButton, saying } from "./listpage.tsx";
export { Card, Empty, Mark, Page, type Tone } from "./page.tsx";
export { trouble } from "./problem.ts";
export { inOneUnit, Period, periodError, seconds, spelt } from "./period.tsx";
export { Loaded, resource, useResource, type Resource } from "./resource.tsx";
export { Editor, SaveBar, Sheet } from "./sheet.tsx";
export { Search, Table, type Column } from "./table.tsx";
export { parts } from "./words.ts";
