import { newId } from "../../../src/core/ids.ts";
import { Failure } from "../../support/failure.ts";
import { perform } from "../perform.ts";
import { deedOf, now } from "../selling.ts";
import { expectDone } from "../session.ts";
import { describeHow, type UiCommands } from "./counter.ts";
import { withoutCardNumber } from "./words.ts";

type Customer = { id: string; name: string; phone: string | null };

/** Who is served. */
export const CUSTOMER_COMMANDS: UiCommands = {
  customer: {
    usage: "PHONE | EMAIL | NAME | new NAME [PHONE] | none",
    does: "says who is served, for store credit and what goes on account",
    run: async (counter, words) => {
      const { till, terminal } = counter;
      if (words.length === 0) throw new Failure("Name the customer.");
      if (words[0] === "none") {
        counter.customer = null;
        terminal.say("Nobody in particular is served.");
        return;
      }
      if (words[0] === "new") {
        const [, name = "", phone] = words;
        if (name === "") throw new Failure("Name the new customer.");
        // Without its + a telephone's number may be as long as a card's, and begin alike.
        withoutCardNumber(`${name}, +${phone ?? ""}`);
        const body = { id: newId(), name, ...(phone === undefined ? {} : { phone }) };
        const { how } = await perform(
          till,
          deedOf("customer", body, now(), {}, () => ({})),
        );
        counter.customer = { id: body.id, name };
        terminal.say(`${name} is a customer now${describeHow(till.outbox.waitingCount === 0 ? "online" : how)}.`);
        return;
      }
      const matches = await search(till, words.join(" "));
      const [first, second] = matches;
      if (!first) throw new Failure("No customer is known by that.");
      if (second) {
        const lines = matches.slice(0, 20).map(({ name, phone }) => `${name}  ${phone ?? ""}`);
        terminal.say(`Several are known by that; be more precise:\n${lines.join("\n")}`);
        return;
      }
      counter.customer = first;
      terminal.say(`Serving ${first.name}.`);
    },
  },
};

async function search({ session, link }: Parameters<typeof perform>[0], text: string): Promise<Customer[]> {
  if (!(await link.isUp())) throw new Failure("Customers are looked up at the server, and it is out of reach.");
  const field = text.includes("@") ? "email" : /^[+\d][\d\s()-]{2,}$/.test(text) ? "phone" : "name";
  const call = { method: "POST", path: "/v1/customers/search", body: { [field]: text } } as const;
  return expectDone(await session.ask<{ data: Customer[] }>(call), "Looking the customer up").data;
}
