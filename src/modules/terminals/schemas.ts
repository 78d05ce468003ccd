import * as z from "zod";
import { codeText, component, id, type OutputOf, pageOf, pageQuery, text } from "../../http/schemas.ts";

import { storeAnswer } from "../stores/index.ts";

/** The wire shapes of terminals, which the shop calls tills. */

export const terminalInput = z.strictObject({
  store_id: id,
  code: z
    .string()
    .regex(/^(?!00)[A-Z0-9]{2}$/, { error: "Needs 2 of A-Z and 0-9; 00 numbers what is sold without a till" })
    .meta({ description: "Stands in every invoice number of the till", example: "01" }),
  name: text(200),
});

export type TerminalInput = z.output<typeof terminalInput>;

export const terminalAnswer = component("Terminal", () =>
  z.object({
    id,
    code: z.string(),
    name: z.string(),
    store_id: id,
    active: z.boolean(),
    version: z.int(),
    created_at: z.string(),
    paired_at: z.string().nullable().meta({ description: "When its device was paired; null while it has none" }),
    last_seq: z.int().meta({ description: "The highest number of a command it has sent; 0 before the first" }),
  }),
);

export type Terminal = OutputOf<typeof terminalAnswer>;

const pairing = {
  pairing_code: z.string().meta({ description: "To type into the till, once", example: "7K4QX-M2ZPD" }),
  pairing_expires_at: z.string(),
};

export const pairingCodeAnswer = component("PairingCode", () => z.object(pairing));

export type PairingCode = OutputOf<typeof pairingCodeAnswer>;

export const newTerminalAnswer = component("NewTerminal", () => terminalAnswer().extend(pairing));

export const terminalChange = z.strictObject({ name: text(200) });

export type TerminalChange = z.output<typeof terminalChange>;

export const pairInput = z.strictObject({
  code: codeText(40).meta({ description: "The pairing code; case, spaces and hyphens do not matter" }),
});

export const pairedAnswer = component("PairedTill", () =>
  z.object({
    device_token: z.string().meta({ description: "Sent as X-Device-Token; told this once" }),
    terminal: terminalAnswer(),
    store: storeAnswer(),
  }),
);

export type Paired = OutputOf<typeof pairedAnswer>;

export const terminalPage = pageOf(terminalAnswer);

export const terminalQuery = z.strictObject({ ...pageQuery, store_id: id.optional() });

export type TerminalQuery = z.output<typeof terminalQuery>;
