import { LONG_NAME, NOT_RFC, NOT_V7, insert } from "./attack.ts";
import type { Attacks } from "./attack.ts";
import { CUSTOMER, SELLER } from "./ids.ts";

/** Attacks on each guard of 0004_people.sql. */
export const peopleAttacks: Attacks = {
  "customers (id) UNIQUE": insert("customers", { id: CUSTOMER }),
  customers_id_is_uuid7: insert("customers", { id: "cleo" }, { id: NOT_V7 }, { id: NOT_RFC }),
  customers_name_length: insert("customers", { name: "" }, { name: LONG_NAME }),
  customers_phone_length: insert("customers", { phone: "02" }, { phone: "0".repeat(41) }),
  customers_email_length: insert("customers", { email: "c@" }, { email: `${"c".repeat(254)}@` }),
  customers_address_length: insert("customers", { address: "x".repeat(1001) }),
  customers_note_length: insert("customers", { note: "x".repeat(1001) }),

  "salespeople (id) UNIQUE": insert("salespeople", { id: SELLER }),
  "salespeople (code) UNIQUE": insert("salespeople", { code: "s1" }),
  salespeople_id_is_uuid7: insert("salespeople", { id: "sid" }, { id: NOT_V7 }, { id: NOT_RFC }),
  salespeople_code_length: insert("salespeople", { code: "" }, { code: "S".repeat(21) }),
  salespeople_name_length: insert("salespeople", { name: "" }, { name: LONG_NAME }),
  salespeople_commission_bounds: insert("salespeople", { commission_ppm: -1 }, { commission_ppm: 1000001 }),
};
