import { signal } from "@preact/signals";

/** A file on its way to a visitor: chosen, then sent with the message. Its id stays through every try. */
export interface Upload {
  readonly id: string;
  readonly conversation: string;
  readonly file: File;
  readonly name: string;
  readonly state: "staged" | "sending" | "failed" | "refused";
  /** how much has left, 0 to 1 */
  readonly done: number;
  /** the code of what went wrong */
  readonly why: string;
}

export const uploads = signal<readonly Upload[]>([]);

/** stagedIn gives what is chosen in a chat and waits for Send. */
export const stagedIn = (conversation: string) => uploads.value.filter((u) => u.conversation === conversation && u.state === "staged");

let send: (conversation: string) => void = () => {};

/** onSendFiles takes the code that sends: it is fetched only where files may be sent at all. */
export const onSendFiles = (f: typeof send) => (send = f);

/** sendFiles sends what is chosen in a chat. */
export const sendFiles = (conversation: string) => send(conversation);
