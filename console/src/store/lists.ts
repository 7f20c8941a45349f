import { signal } from "@preact/signals";
import { rest } from "../wire/rest.ts";

/** How long a list that lacks an id is believed before it is read again, in milliseconds. */
const BELIEVED = 60_000;

/** listed gives what a list of the server's holds under an id. It is read when the first one is asked for, and again for one that it lacks. */
function listed<T extends { id: string }>(read: () => Promise<T[]>): (id: string) => T | undefined {
  const all = signal<readonly T[]>([]);
  let readAt = -Infinity;
  return (id) => {
    const found = all.value.find((x) => x.id === id);
    if (id && !found && performance.now() - readAt > BELIEVED) {
      readAt = performance.now();
      void read().then((list) => (all.value = list), () => undefined);
    }
    return found;
  };
}

const product = listed(rest.products);

/** productName gives the name of a listed product; what an agent wrote instead is its own name. */
export const productName = (id: string): string => product(id)?.name ?? id;

/** surveyQuestion gives one of the questions that customers are asked after the close. */
export const surveyQuestion = listed(rest.surveyQuestions);
