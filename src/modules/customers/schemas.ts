import * as z from "zod";
import { component, email, id, later, newId, type OutputOf, pageOf, text } from "../../http/schemas.ts";

/** The wire shapes of customers. Contacts are kept as written. */

const name = text(200);
const phone = text(40, { min: 3 });

/** A customer as it is brought in; also the body of a till's command that brings one in. */
export const customerSchema = z.strictObject({
  id: newId,
  name,
  phone: phone.nullish(),
  email: email.nullish(),
  address: text(1000, { multiline: true }).nullish(),
  note: text(1000, { multiline: true }).nullish(),
});

export type CustomerInput = z.output<typeof customerSchema>;

export const customerAnswer = component("Customer", () =>
  z.object({
    id,
    name: z.string(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    address: z.string().nullable(),
    note: z.string().nullable(),
    created_at: z.string(),
  }),
);

export type Customer = OutputOf<typeof customerAnswer>;

export const customerPage = pageOf(customerAnswer);

/** What is looked for: exactly one of the three. In the body, because a URL is kept by logs on its way. */
export const customerSearch = z
  .strictObject({
    phone: phone.optional().meta({ description: "As it was written down" }),
    name: name.optional().meta({ description: "How the name begins; a-z and A-Z are the same" }),
    email: email.optional().meta({ description: "a-z and A-Z are the same" }),
  })
  .refine((search) => Object.values(search).filter((value) => value !== undefined).length === 1, {
    error: "Needs exactly one of phone, name and email",
  });

export type CustomerSearch = z.output<typeof customerSearch>;

export const customerMatches = later(() =>
  z.object({
    data: z.array(customerAnswer()).meta({ description: "At most 50; by name, or else in the order of their arrival" }),
  }),
);
