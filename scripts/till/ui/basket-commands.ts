import { Failure } from "../../support/failure.ts";
import type { Item } from "../basket.ts";
import { clearCounter, type Counter, currencyOf, money, type UiCommands } from "./counter.ts";
import { showBasket } from "./show.ts";
import { readAmount, readDiscount, readPlace, readPpm, readQuantity, withoutCardNumber } from "./words.ts";

/** Ringing a basket up. */
export const BASKET_COMMANDS: UiCommands = {
  add: {
    usage: "CODE [QUANTITY]",
    does: "adds a product by barcode or SKU; `add` may be left out",
    run: async (counter, [code, quantity]) => {
      scan(counter, code ?? "", quantity);
      return show(counter);
    },
  },
  custom: {
    usage: "NAME PRICE TAX% [QUANTITY]",
    does: 'adds what has no code: custom "Gift wrap" 2.50 20%',
    run: async (counter, [name, price, tax, quantity]) => {
      if (name === undefined) throw new Failure("Name it, its price and its tax rate.");
      const custom = {
        name: withoutCardNumber(name),
        unit_price: readAmount(price, currencyOf(counter)),
        tax_rate_ppm: readPpm(tax),
      };
      addItem(counter, {
        product: null,
        barcode: null,
        matched_whole: true,
        quantity: readQuantity(quantity ?? "1", "each"),
        custom,
      });
      return show(counter);
    },
  },
  quantity: {
    usage: "LINE QUANTITY",
    does: "changes how much: quantity 2 345g",
    run: async (counter, [place, quantity]) => {
      const item = itemAt(counter, place);
      if (item.quantity === null) throw new Failure("Its printed code carries the quantity.");
      item.quantity = readQuantity(quantity ?? "", item.product?.unit ?? "each");
      return show(counter);
    },
  },
  remove: {
    usage: "LINE",
    does: "takes a line away",
    run: async (counter, [place]) => {
      const item = itemAt(counter, place);
      changeBasket(counter);
      counter.basket.items = counter.basket.items.filter((one) => one !== item);
      return show(counter);
    },
  },
  discount: {
    usage: "LINE|all 10%|AMOUNT [REASON]",
    does: "gives a discount on a line or on the whole basket; 0 takes it away",
    run: async (counter, [place, size, ...reason]) => {
      const discount = readDiscount(size, currencyOf(counter), withoutCardNumber(reason.join(" ")));
      if (place === "all") {
        changeBasket(counter);
        counter.basket.discount = discount;
      } else {
        itemAt(counter, place).discount = discount;
      }
      return show(counter);
    },
  },
  price: {
    usage: "LINE PRICE REASON",
    does: "charges another price than the shop's",
    run: async (counter, [place, price, ...reason]) => {
      const item = itemAt(counter, place);
      if (!item.product || reason.length === 0) throw new Failure("Name a product's line, its price and the reason.");
      const why = withoutCardNumber(reason.join(" "));
      item.override = { unit_price: readAmount(price, currencyOf(counter)), reason: why };
      return show(counter);
    },
  },
  basket: {
    usage: "",
    does: "shows the basket",
    run: async (counter) => show(counter),
  },
  clear: {
    usage: "",
    does: "throws the basket away",
    run: async (counter) => {
      clearCounter(counter);
      counter.terminal.say("The basket is empty.");
      return Promise.resolve();
    },
  },
  find: {
    usage: "WORDS",
    does: "looks products up by their names",
    run: async (counter, words) => {
      const found = counter.till.catalogue.search(words.join(" "), 20);
      const lines = found.map(({ sku, name, unit_price, price_quantity, unit, barcodes }) => {
        const per = price_quantity === 1 ? "" : ` per ${String(price_quantity)} ${unit}`;
        return `${sku.padEnd(12)} ${name}  ${money(counter, unit_price)}${per}  ${barcodes[0] ?? ""}`;
      });
      counter.terminal.say(lines.length === 0 ? "Nothing is called so." : lines.join("\n"));
      return Promise.resolve();
    },
  },
};

/** Adds what a code names. A piece that stands in the basket already, unchanged, becomes one more of it. */
export function scan(counter: Counter, code: string, quantity: string | undefined): void {
  const found = counter.till.catalogue.find(code);
  if (!found) throw new Failure(`Nothing is sold under "${code}".`);
  const { product, matched_whole, by } = found;
  const barcode = by === "barcode" ? code : null;
  const printed = barcode !== null && !matched_whole;
  if (printed && quantity !== undefined) throw new Failure("The code carries its own quantity.");
  if (!printed && quantity === undefined && product.unit !== "each") {
    throw new Failure(
      `${product.name} is sold by ${product.unit}: name the quantity (add ${code} 345${product.unit}).`,
    );
  }
  const count = printed ? null : readQuantity(quantity ?? "1", product.unit);
  const same = counter.basket.items.find(
    (item) => item.product?.id === product.id && item.barcode === barcode && !item.discount && !item.override,
  );
  if (same && count !== null && same.quantity !== null && product.unit === "each") {
    changeBasket(counter);
    same.quantity += count;
    return;
  }
  addItem(counter, { product, barcode, matched_whole, quantity: count });
}

function addItem(counter: Counter, item: Item): void {
  changeBasket(counter);
  counter.basket.items.push(item);
}

/** What was handed over is for the basket as it was. */
function changeBasket(counter: Counter): void {
  if (counter.resumed?.untouched) throw new Failure("That sale was parked elsewhere: it is paid as it is, or `clear`.");
  if (counter.payments.length > 0) throw new Failure("It is being paid: pay the rest, or take it back with `unpay`.");
}

function itemAt(counter: Counter, place: string | undefined): Item {
  const { items } = counter.basket;
  const item = items[readPlace(place, items.length) - 1];
  if (!item) throw new Failure("There is no such line.");
  changeBasket(counter);
  return item;
}

function show(counter: Counter): Promise<void> {
  counter.terminal.say(showBasket(counter));
  return Promise.resolve();
}
