import { Failure } from "../../support/failure.ts";
import { newGiftCardCode, payOffAccount, sellGiftCard, settleSale } from "../receiving.ts";
import { findSale } from "../refunding.ts";
import { expectDone } from "../session.ts";
import { clearCounter, currencyOf, describeHow, money, type UiCommands } from "./counter.ts";
import { tendersFor } from "./sale-commands.ts";
import { readAmount } from "./words.ts";

/** Money that is no sale's: gift cards, and what is paid off. */
export const MONEY_COMMANDS: UiCommands = {
  giftcard: {
    usage: "sell AMOUNT [CODE] [by METHOD AMOUNT ...] | CODE",
    does: "sells a gift card, with a code of its own where none is named; or tells what is left on one",
    run: async (counter, words) => {
      const { till, terminal } = counter;
      if (words[0] !== "sell") {
        if (!(await till.link.isUp())) throw new Failure("What is left on it the server alone knows.");
        const call = { method: "GET", path: `/v1/gift-cards/${encodeURIComponent(words[0] ?? "")}` } as const;
        const { balance } = expectDone(await till.session.ask<{ balance: number }>(call), "Looking the card up");
        terminal.say(`${money(counter, balance)} is left on it.`);
        return;
      }
      const at = words.indexOf("by");
      const [, text, code = newGiftCardCode()] = at < 0 ? words : words.slice(0, at);
      const amount = readAmount(text, currencyOf(counter));
      const payments = tendersFor(counter, at < 0 ? [] : words.slice(at + 1), amount);
      const { change_due, how } = await sellGiftCard(till, { code, amount, payments });
      const change = change_due > 0 ? `, change ${money(counter, change_due)}` : "";
      terminal.say(`Gift card ${code} is worth ${money(counter, amount)}${change}${describeHow(how)}.`);
    },
  },
  settle: {
    usage: "INVOICE [METHOD AMOUNT ...]",
    does: "takes what is due of a sale on account",
    run: async (counter, [invoiceNo, ...words]) => {
      if (invoiceNo === undefined) throw new Failure("Name the invoice number.");
      const sale = await findSale(counter.till, invoiceNo.toUpperCase());
      if (sale.due === 0) throw new Failure("Nothing is due of it.");
      const payments = tendersFor(counter, words, sale.due);
      const { change_due, how } = await settleSale(counter.till, sale, payments);
      const change = change_due > 0 ? `, change ${money(counter, change_due)}` : "";
      counter.terminal.say(`Taken for ${invoiceNo}${change}${describeHow(how)}.`);
    },
  },
  payoff: {
    usage: "METHOD AMOUNT",
    does: "takes what the customer who is served pays off the account",
    run: async (counter, words) => {
      if (!counter.customer) throw new Failure("Say who is served first (customer PHONE).");
      const { id, name } = counter.customer;
      if (words.length < 2) throw new Failure("Name the method and the amount.");
      const how = await payOffAccount(counter.till, id, tendersFor(counter, words, 0));
      clearCounter(counter);
      counter.terminal.say(`Taken off the account of ${name}${describeHow(how)}.`);
    },
  },
};
