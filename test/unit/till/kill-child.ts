// A till that sells so many sales and says of each that the customer was told. It is run by kill.test.ts, which kills it.
import { setTimeout as sleep } from "node:timers/promises";
import { readFact } from "../../../scripts/till/database.ts";
import { sell } from "../../../scripts/till/selling.ts";
import { sendOutbox } from "../../../scripts/till/settling.ts";
import { openShift } from "../../../scripts/till/shift-deeds.ts";
import { openTestTill, product } from "./shop.ts";

const [folder = "", base = "", wanted = ""] = process.argv.slice(2);
const till = openTestTill(folder, base);
const thing = product({ sku: "A", unit_price: 250 });

till.link.tell(true);
if (!till.books.openShift()) await openShift(till, 10_000);
till.link.tell(false);
for (;;) {
  try {
    await till.session.signInByPin("device-token", "cashier", "735192");
    break;
  } catch {
    // The API fails now and then.
  }
}
const next = () => readFact<number>(till.database, "next") ?? 0;
while (next() < Number(wanted)) {
  const at = next();
  const items = [{ product: thing, barcode: null, matched_whole: true, quantity: 1 + (at % 3) }];
  const options = { idempotency_key: `sale ${String(at)}`, facts: { next: at + 1 } };
  const { sale } = await sell(till, { items }, [{ method: "cash", amount: 1000 }], options);
  process.stdout.write(`told ${String(at)} ${String(sale.invoice_no)}\n`);
  await sleep(5);
  // As a cashier who comes back to the till a while later.
  if (at % 10 === 9) till.link.tell(false);
}
while (till.outbox.waitingCount > 0) {
  till.link.tell(false);
  if (await till.link.isUp()) await sendOutbox(till);
}
process.stdout.write("over\n");
