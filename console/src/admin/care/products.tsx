import { admin } from "../../wire/admin.ts";
import { Choices } from "./choices.tsx";

/** ProductsPage keeps the products that agents choose from when they close, and that reports count. */
export default function ProductsPage() {
  return <Choices kind="product" icon="gift" list={admin.products} save={admin.saveProduct} remove={admin.removeProduct} />;
}
