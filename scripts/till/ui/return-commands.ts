import { Failure } from "../../support/failure.ts";
import type { SaleRecord } from "../records.ts";
import {
  findSale,
  leastOnAccount,
  priceRefund,
  refundGoods,
  refundSale,
  type RefundWish,
  totalOfRefund,
  voidSale,
} from "../refunding.ts";
import { priceSale } from "../basket.ts";
import { storeOf } from "../till.ts";
import type { Tender } from "../wire.ts";
import { clearCounter, type Counter, describeHow, money, type UiCommands, withManager } from "./counter.ts";
import { tendersFor } from "./sale-commands.ts";
import { describeQuantity, pair } from "./show.ts";
import { readQuantity, withoutCardNumber } from "./words.ts";

/** Goods that come back, and sales that are taken back. */
export const RETURN_COMMANDS: UiCommands = {
  refund: {
    usage: "INVOICE [LINE[:QUANTITY[:damaged|none]] ... | all] [by METHOD AMOUNT ...]",
    does: "gives money back, after what is still owed: refund MAIN-01-000012 1:2 by card; without lines it shows the sale",
    run: async (counter, [invoiceNo, ...words]) => {
      if (invoiceNo === undefined) throw new Failure("Name the invoice number.");
      const { till, terminal } = counter;
      const sale = await findSale(till, invoiceNo.toUpperCase());
      const at = words.indexOf("by");
      const named = at < 0 ? words : words.slice(0, at);
      if (named.length === 0) {
        terminal.say(describeSale(counter, sale));
        return;
      }
      const lines = named.includes("all") ? wholeOf(sale) : named.map((word) => readWish(sale, word));
      const total = totalOfRefund(priceRefund(till, sale, lines));
      const payments = at < 0 ? backTo(counter, sale, total) : tendersFor(counter, words.slice(at + 1), total);
      const reason = await askReason(counter, "Reason: ", "returned");
      const { refund, how } = await refundSale(till, sale, { lines, payments, reason });
      terminal.say(
        `Refunded ${refund.refund_no ?? "(its number follows)"}: ${money(counter, refund.total)}${describeHow(how)}`,
      );
    },
  },
  return: {
    usage: "[by METHOD AMOUNT ...]",
    does: "gives money back for the goods in the basket, without their sale",
    run: async (counter, words) => {
      const { till, basket, terminal } = counter;
      if (basket.items.length === 0) throw new Failure("Ring up what comes back first.");
      const { total } = priceSale(storeOf(till), basket).totals;
      const payments = tendersFor(counter, words[0] === "by" ? words.slice(1) : words, total);
      const reason = await askReason(counter, "Reason: ", "returned without a bill");
      const { refund, how } = await withManager(counter, async (approval) =>
        refundGoods(till, basket, { payments, reason }, { approval }),
      );
      clearCounter(counter);
      terminal.say(
        `Refunded ${refund.refund_no ?? "(its number follows)"}: ${money(counter, refund.total)}${describeHow(how)}`,
      );
    },
  },
  void: {
    usage: "INVOICE [REASON]",
    does: "takes a whole sale back on its own day",
    run: async (counter, [invoiceNo, ...reason]) => {
      if (invoiceNo === undefined) throw new Failure("Name the invoice number.");
      const { till, terminal } = counter;
      const sale = await findSale(till, invoiceNo.toUpperCase());
      const why = reason.length > 0 ? withoutCardNumber(reason.join(" ")) : "rung up by mistake";
      const how = await withManager(counter, async (approval) => voidSale(till, sale, why, { approval }));
      terminal.say(`Voided ${sale.invoice_no ?? ""}: ${money(counter, sale.total)} goes back${describeHow(how)}`);
    },
  },
};

/** Off the account what is still owed, and the rest in cash. */
function backTo(counter: Counter, sale: SaleRecord, total: number): Tender[] {
  const amount = leastOnAccount(sale, total);
  const onAccount: Tender[] = amount === 0 ? [] : [{ method: "on_account", amount }];
  return [...onAccount, ...tendersFor(counter, [], total - amount)];
}

async function askReason({ terminal }: Counter, prompt: string, otherwise: string): Promise<string> {
  if (!terminal.interactive) return otherwise;
  const said = await terminal.readLine(prompt);
  return said === null || said.trim() === "" ? otherwise : withoutCardNumber(said.trim());
}

function wholeOf(sale: SaleRecord): RefundWish[] {
  const left = sale.lines.filter(({ quantity, refunded_quantity }) => quantity > refunded_quantity);
  if (left.length === 0) throw new Failure("Nothing of it is left to refund.");
  return left.map(({ line_no, quantity, refunded_quantity }) => ({ line_no, quantity: quantity - refunded_quantity }));
}

function readWish(sale: SaleRecord, word: string): RefundWish {
  const [place = "", quantity, restock = "sellable"] = word.split(":");
  const line = sale.lines.find(({ line_no }) => String(line_no) === place);
  if (!line) throw new Failure(`The sale has no line "${place}".`);
  if (restock !== "sellable" && restock !== "damaged" && restock !== "none") {
    throw new Failure("What comes back is sellable, damaged or none.");
  }
  const left = line.quantity - line.refunded_quantity;
  return { line_no: line.line_no, quantity: quantity ? readQuantity(quantity, line.unit) : left, restock };
}

function describeSale(counter: Counter, sale: SaleRecord): string {
  return [
    pair(`${sale.invoice_no ?? ""}  ${sale.status}`, sale.sold_at.slice(0, 16).replace("T", " ")),
    ...sale.lines.map((line) => {
      const back = line.refunded_quantity > 0 ? `  (${String(line.refunded_quantity)} came back)` : "";
      return pair(
        `${String(line.line_no).padStart(2)}  ${describeQuantity(line)}${line.name}${back}`,
        money(counter, line.total),
      );
    }),
    pair(`TOTAL ${sale.currency}`, money(counter, sale.total)),
    ...(sale.due > 0 ? [pair("Still owed", money(counter, sale.due))] : []),
  ].join("\n");
}
