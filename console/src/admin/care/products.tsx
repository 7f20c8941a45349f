import { admin } from "../../wire/admin.ts";
import { useResource } from "../parts/index.ts";
import { Choices } from "./choices.tsx";
import { use, w } from "./words.ts";

/** ProductsPage keeps the products that agents choose from when they close, and that reports count; who is an expert in which is kept with the people. */
export default function ProductsPage() {
  use();
  const people = useResource(admin.people);
  const experts = (id: string) => (people.value.value ?? []).filter((p) => !p.disabled && p.level >= 2 && p.products?.includes(id)).map((p) => p.name);
  return (
    <Choices
      kind="product"
      icon="gift"
      list={admin.products}
      save={admin.saveProduct}
      remove={admin.removeProduct}
      more={[{ key: "experts", title: w("experts"), cell: (c) => <span dir="auto">{experts(c.id).join(", ") || w("experts_none")}</span> }]}
    />
  );
}
