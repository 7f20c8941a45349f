import { causeName } from "../../store/board.ts";
import { admin } from "../../wire/admin.ts";
import { Choices } from "./choices.tsx";

/** CausesPage keeps the causes that agents choose from when they close. */
export default function CausesPage() {
  return <Choices kind="cause" icon="tag" list={admin.causes} save={admin.saveCause} remove={admin.removeCause} shown={causeName} />;
}
