import { Failure } from "../support/failure.ts";
import { Books } from "./books.ts";
import { Catalogue } from "./catalogue.ts";
import type { ClientOptions } from "./client.ts";
import { type Database, openDatabase, readFact } from "./database.ts";
import type { Courier } from "./delivery.ts";
import { type Device, readDevice } from "./device.ts";
import { Link } from "./link.ts";
import { Numbers } from "./numbers.ts";
import { type Command, Outbox } from "./outbox.ts";
import { Session } from "./session.ts";
import type { Profile, Shift, Store, Terminal } from "./wire.ts";

/** Everything of one paired till: its file, its outbox, its session, its line to the API. */
export type Till = {
  folder: string;
  device: Device;
  client: ClientOptions;
  database: Database;
  books: Books;
  numbers: Numbers;
  outbox: Outbox;
  catalogue: Catalogue;
  session: Session;
  link: Link;
  /** How the outbox is sent; left out, in order. */
  courier?: Courier;
  /** What was being sent when the till stopped last time; it stands. */
  recovered: Command[];
};

export type TillOptions = ClientOptions & { folder: string };

/** Opens a till that is paired, and takes up what it was doing when it stopped. Throws a Failure. */
export function openTill({ folder, ...client }: TillOptions): Till {
  const device = readDevice(folder);
  if (!device)
    throw new Failure("The till is not paired: a manager makes a code for it (npm run till -- --pair CODE).");
  const database = openDatabase(folder);
  const books = new Books(database);
  const place = { store_code: device.store.code, terminal_code: device.terminal.code };
  const numbers = new Numbers(database, place);
  const outbox = new Outbox(database, books, numbers);
  return {
    folder,
    device,
    client,
    database,
    books,
    numbers,
    outbox,
    catalogue: new Catalogue(database),
    session: new Session(client),
    link: new Link(client.base),
    recovered: outbox.recover(),
  };
}

/** Lets go of the file. */
export function closeTill({ database }: Till): void {
  database.close();
}

export const STORE_FACT = "store";
export const TERMINAL_FACT = "terminal";
export const PROFILE_FACT = "profile";

/** The store by the rules that the till last heard of. */
export function storeOf({ database, device }: Till): Store {
  return readFact<Store>(database, STORE_FACT) ?? device.store;
}

export function terminalOf({ database, device }: Till): Terminal {
  return readFact<Terminal>(database, TERMINAL_FACT) ?? device.terminal;
}

/** Who works at the till: whoever signed in last. Throws a Failure where nobody ever has. */
export function cashierOf({ database }: Till): Profile {
  const profile = readFact<Profile>(database, PROFILE_FACT);
  if (!profile) throw new Failure("Nobody is signed in: sign in first (signin NAME).");
  return profile;
}

/** The till's open shift. Throws a Failure where there is none. */
export function openShiftOf({ books }: Till): Shift {
  const shift = books.openShift();
  if (!shift) throw new Failure("No shift is open: open one with its float first (open AMOUNT).");
  return shift;
}

export function may(till: Till, permission: Profile["permissions"][number]): boolean {
  return cashierOf(till).permissions.includes(permission);
}
