import { env } from "cloudflare:workers";
import { api, asSameUser, asUser, createStore, createUser, expectStatus, uuid } from "../../support/api.ts";
import { makePasskey, usePasskey } from "../../support/authenticator.ts";
import { askToRegister, askToSignIn, ORIGIN, register, signInWith } from "../passkeys/ceremony.ts";
import { createCashier, enterPin, PIN, setPin } from "../pin/till.ts";
import { SHIFT_EXAMPLES } from "./shift-examples.ts";
import { ACCOUNT_EXAMPLES } from "./account-examples.ts";
import { command, leaveHole, saleOf, type Shop } from "./shop.ts";
import type { Call } from "./watch.ts";

type Example = (shop: Shop) => Call | Promise<Call>;

const PASSWORD = "a long enough password";
const person = () => ({
  username: `user-${uuid()}`,
  full_name: "Someone",
  email: "someone@regal.test",
  password: PASSWORD,
});
const once = () => ({ "Idempotency-Key": uuid() });
const unique = () => uuid().slice(-12).toUpperCase();

const pinOf = ({ store }: Pick<Shop, "store">) => ({ store_id: store.id, pin: "907152" });

/** Reads as the shop's admin. */
function read(path: (shop: Shop) => string): Example {
  return (shop) => ({ path: path(shop), token: shop.admin.token });
}

/** Writes as the shop's admin. */
function write(
  path: (shop: Shop) => string,
  body: (shop: Shop) => unknown,
  headers?: () => Record<string, string>,
): Example {
  return (shop) => ({
    path: path(shop),
    token: shop.admin.token,
    body: body(shop),
    ...(headers ? { headers: headers() } : {}),
  });
}

/** Changes a record as the shop's admin, by the version it was made with. */
function changed({ admin }: Shop, path: string, { id }: { id: string }, body: object): Call {
  return { path: `${path}/${id}`, token: admin.token, body, headers: { "If-Match": '"v1"' } };
}

/** A call on a record that needs no body. */
function posted({ admin }: Shop, path: string, { id }: { id: string }, verb: string): Call {
  return { path: `${path}/${id}/${verb}`, token: admin.token };
}

let tills = 36;

/** Two characters that no other till has. */
function tillCode(): string {
  tills += 1;
  return tills.toString(36).toUpperCase();
}

/** An EAN-13 that no other product has. */
function newBarcode(): string {
  const digits = String(Date.now() * 1000 + Math.floor(Math.random() * 1000)).slice(-12);
  const sum = Array.from(digits).reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return `${digits}${String((10 - (sum % 10)) % 10)}`;
}

async function newTill({ admin, store }: Shop): Promise<{ id: string; pairing_code: string }> {
  const body = { store_id: store.id, code: tillCode(), name: "A till" };
  return (await admin.post<{ id: string; pairing_code: string }>("/v1/terminals", body)).body;
}

async function pairTill(code: string): Promise<string> {
  return (await api(null).post<{ device_token: string }>("/v1/terminals/pair", { code })).body.device_token;
}

async function newRole({ admin }: Shop): Promise<{ id: string; name: string }> {
  const body = { name: `role-${unique().toLowerCase()}`, permissions: ["stores:read"] };
  return (await admin.post<{ id: string; name: string }>("/v1/roles", body)).body;
}

/** The call that makes the first admin; it works on an empty database alone. */
export const SETUP: Call = { path: "/v1/setup", token: env.SETUP_TOKEN, body: { ...person(), username: "first" } };

/**
 * One call of each route on its happy path, by method and path as the route declares them. Each may be made any number
 * of times, but for setup: the attacks on every route (test/security) start from it too.
 */
export const EXAMPLES: Record<string, Example> = {
  "get /health": () => ({ path: "/health", token: null }),
  "get /health/ready": () => ({ path: "/health/ready", token: null }),

  "post /v1/auth/login": async ({ store }) => {
    const { username, password } = await createUser("cashier", [store.id]);
    return { path: "/v1/auth/login", token: null, body: { username, password, store_code: store.code } };
  },
  "post /v1/auth/pin": async (shop) => {
    const device_token = await pairTill((await newTill(shop)).pairing_code);
    const [ann, ben] = [await createCashier(shop.store.id), await createCashier(shop.store.id)];
    const headers = { "X-Device-Token": device_token };
    await api(null).post("/v1/auth/pin", { username: ann.username, pin: PIN }, headers);
    return { path: "/v1/auth/pin", token: null, body: { username: ben.username, pin: PIN }, headers };
  },
  "post /v1/auth/refresh": async ({ store }) => {
    const { refresh_token } = await asUser("cashier", [store.id]);
    return { path: "/v1/auth/refresh", token: null, body: { refresh_token } };
  },
  "post /v1/auth/logout": async ({ store }) => {
    const { token } = await asUser("cashier", [store.id]);
    return { path: "/v1/auth/logout", token };
  },
  "post /v1/auth/password": async () => {
    const user = await createUser("cashier");
    await asSameUser(user);
    const { token } = await asSameUser(user);
    const body = { current_password: user.password, new_password: "another long enough one" };
    return { path: "/v1/auth/password", token, body };
  },
  "get /v1/auth/me": read(() => "/v1/auth/me"),
  "get /v1/auth/csrf": () => ({
    path: "/v1/auth/csrf",
    token: null,
    headers: { Cookie: "__Host-regal_csrf=a.b.c" },
  }),
  "get /v1/auth/sessions": read(() => "/v1/auth/sessions"),
  "delete /v1/auth/sessions/{id}": async () => {
    const { token } = await asUser("admin");
    const list = await api(token).get<{ data: { id: string }[] }>("/v1/auth/sessions");
    return { path: `/v1/auth/sessions/${String(list.body.data[0]?.id)}`, token };
  },
  "delete /v1/auth/sessions": async () => {
    const user = await createUser("admin");
    await asSameUser(user);
    return { path: "/v1/auth/sessions", token: (await asSameUser(user)).token };
  },

  "post /v1/auth/passkeys/options": async () => {
    const { token } = await asUser("admin");
    return { path: "/v1/auth/passkeys/options", token };
  },
  "post /v1/auth/passkeys/register": async () => {
    const user = await asUser("admin");
    const { credential } = await makePasskey(await askToRegister(user), ORIGIN);
    return { path: "/v1/auth/passkeys/register", token: user.token, body: { credential } };
  },
  "post /v1/auth/passkeys/login": async () => {
    const { passkey } = await register(await asUser("admin"));
    const credential = await usePasskey(passkey, await askToSignIn(), ORIGIN);
    return { path: "/v1/auth/passkeys/login", token: null, body: { credential } };
  },
  "get /v1/auth/passkeys": read(() => "/v1/auth/passkeys"),
  "delete /v1/auth/passkeys/{id}": async () => {
    const user = await asUser("admin");
    const { id, passkey } = await register(user);
    await signInWith(passkey);
    return { path: `/v1/auth/passkeys/${id}`, token: user.token };
  },

  "get /v1/users": read(() => "/v1/users"),
  "post /v1/users": write(
    () => "/v1/users",
    ({ store }) => ({ ...person(), role: "cashier", store_ids: [store.id] }),
  ),
  "get /v1/users/{id}": read(({ admin }) => `/v1/users/${admin.user.id}`),

  "patch /v1/users/{id}": async ({ admin, store }) => {
    const { user } = await asUser("cashier", [store.id]);
    const body = { full_name: "Ann", role: "employee", store_ids: [store.id] };
    return { path: `/v1/users/${user.id}`, token: admin.token, body, headers: { "If-Match": `"v1"` } };
  },
  "post /v1/users/{id}/deactivate": async ({ admin }) => {
    const { user } = await asUser("cashier");
    return { path: `/v1/users/${user.id}/deactivate`, token: admin.token };
  },
  "post /v1/users/{id}/reactivate": async ({ admin }) => {
    const { id } = await createUser("cashier");
    expectStatus(await admin.post(`/v1/users/${id}/deactivate`), 200);
    return { path: `/v1/users/${id}/reactivate`, token: admin.token };
  },
  "post /v1/users/{id}/reset-password": async ({ admin, store }) => {
    const { user } = await asUser("cashier", [store.id]);
    return { path: `/v1/users/${user.id}/reset-password`, token: admin.token };
  },
  "put /v1/users/{id}/pin": write(({ admin }) => `/v1/users/${admin.user.id}/pin`, pinOf),
  "post /v1/users/{id}/unlock-pin": async ({ admin, store }) => {
    const path = `/v1/users/${admin.user.id}`;
    await setPin(admin.user.id, store.id, PIN);
    return { path: `${path}/unlock-pin`, token: admin.token, body: { store_id: store.id } };
  },
  "delete /v1/users/{id}/pin": async ({ admin, store }) => {
    const { id } = await createCashier(store.id);
    return { path: `/v1/users/${id}/pin?store_id=${store.id}`, token: admin.token };
  },

  "get /v1/stores": read(() => "/v1/stores"),
  "post /v1/stores": write(
    () => "/v1/stores",
    () => ({ code: unique().slice(0, 8), name: "Another", currency: "GBP" }),
  ),
  "get /v1/stores/{id}": read(({ store }) => `/v1/stores/${store.id}`),
  "patch /v1/stores/{id}": async (shop) => changed(shop, "/v1/stores", await createStore(), { name: "Renamed" }),
  "post /v1/stores/{id}/deactivate": async (shop) => {
    const store = await createStore();
    await asUser("cashier", [store.id], store.code);
    return posted(shop, "/v1/stores", store, "deactivate");
  },
  "post /v1/stores/{id}/reactivate": async (shop) => posted(shop, "/v1/stores", await createStore(), "reactivate"),

  "get /v1/roles": read(() => "/v1/roles"),
  "post /v1/roles": write(
    () => "/v1/roles",
    () => ({ name: `role-${unique().toLowerCase()}`, permissions: ["sales:read"], max_discount_ppm: 50_000 }),
  ),
  "get /v1/roles/{id}": async (shop) => ({ path: `/v1/roles/${(await newRole(shop)).id}`, token: shop.admin.token }),
  "patch /v1/roles/{id}": async (shop) => {
    const role = await newRole(shop);
    await asUser(role.name, [shop.store.id], shop.store.code);
    return changed(shop, "/v1/roles", role, { permissions: ["sales:read"] });
  },
  "post /v1/roles/{id}/deactivate": async (shop) => posted(shop, "/v1/roles", await newRole(shop), "deactivate"),
  "post /v1/roles/{id}/reactivate": async (shop) => posted(shop, "/v1/roles", await newRole(shop), "reactivate"),

  "get /v1/terminals": read(({ store }) => `/v1/terminals?store_id=${store.id}`),
  "post /v1/terminals": write(
    () => "/v1/terminals",
    ({ store }) => ({ store_id: store.id, code: tillCode(), name: "Another till" }),
  ),
  "get /v1/terminals/{id}": read(({ terminal }) => `/v1/terminals/${terminal.id}`),

  "patch /v1/terminals/{id}": async (shop) => changed(shop, "/v1/terminals", await newTill(shop), { name: "The bar" }),
  "post /v1/terminals/{id}/pairing-code": async (shop) =>
    posted(shop, "/v1/terminals", await newTill(shop), "pairing-code"),
  "post /v1/terminals/pair": async (shop) => {
    const { pairing_code } = await newTill(shop);
    return { path: "/v1/terminals/pair", token: null, body: { code: pairing_code } };
  },
  "post /v1/terminals/{id}/unpair": async (shop) => {
    const { id, pairing_code } = await newTill(shop);
    const device_token = await pairTill(pairing_code);
    const { username } = await createCashier(shop.store.id);
    expectStatus(await enterPin(device_token, username, PIN), 200);
    return posted(shop, "/v1/terminals", { id }, "unpair");
  },
  "post /v1/terminals/{id}/deactivate": async (shop) =>
    posted(shop, "/v1/terminals", await newTill(shop), "deactivate"),
  "post /v1/terminals/{id}/reactivate": async (shop) => {
    const till = await newTill(shop);
    await shop.admin.post(`/v1/terminals/${till.id}/deactivate`);
    return posted(shop, "/v1/terminals", till, "reactivate");
  },

  "get /v1/products": read(() => "/v1/products?q=prod"),
  "post /v1/products": write(
    () => "/v1/products",
    ({ category_id }) => ({
      sku: unique(),
      name: "Another",
      unit_price: 100,
      category_id,
      barcodes: [newBarcode()],
    }),
  ),
  "post /v1/products/batch": write(
    () => "/v1/products/batch",
    ({ products }) => ({
      products: [
        { sku: products[59]?.sku, name: "Changed" },
        { sku: unique(), name: "Another", unit_price: 100 },
      ],
    }),
  ),
  "get /v1/products/lookup": read(({ barcode }) => `/v1/products/lookup?barcode=${barcode}`),
  "get /v1/products/{id}": read(({ products }) => `/v1/products/${String(products[0]?.id)}`),
  "patch /v1/products/{id}": async ({ admin, products }) => {
    const path = `/v1/products/${String(products[58]?.id)}`;
    const etag = (await admin.get(path)).headers.get("ETag") ?? "";
    const body = { unit_price: 120, barcodes: ["4006381333924"] };
    return { path, token: admin.token, body, headers: { "If-Match": etag } };
  },
  "delete /v1/products/{id}": read(({ products }) => `/v1/products/${String(products[57]?.id)}`),
  "get /v1/categories": read(() => "/v1/categories"),
  "post /v1/categories": write(
    () => "/v1/categories",
    ({ category_id }) => ({ name: `Tea ${unique()}`, parent_id: category_id }),
  ),
  "get /v1/brands": read(() => "/v1/brands"),
  "post /v1/brands": write(
    () => "/v1/brands",
    () => ({ name: `Regal ${unique()}` }),
  ),

  "get /v1/stock": read(({ store }) => `/v1/stock?store_id=${store.id}`),
  "get /v1/stock/movements": read(({ store, products }) => {
    return `/v1/stock/movements?store_id=${store.id}&product_id=${String(products[0]?.id)}`;
  }),
  "post /v1/stock/movements": write(
    () => "/v1/stock/movements",
    ({ store, products }) => ({
      store_id: store.id,
      reason: "adjusted",
      lines: products.slice(0, 2).map(({ id }) => ({ product_id: id, quantity: -1 })),
    }),
    once,
  ),

  "post /v1/sales": write(
    () => "/v1/sales",
    (shop) => ({ ...saleOf(shop, 3), customer_id: shop.customer_id, salesperson_id: shop.salesperson_id }),
    once,
  ),
  "post /v1/sales/quote": write(
    () => "/v1/sales/quote",
    (shop) => saleOf(shop, 3),
  ),
  "get /v1/sales": read(({ store }) => `/v1/sales?store_id=${store.id}`),
  "get /v1/sales/{sale_id}": read(({ sale_id }) => `/v1/sales/${sale_id}`),
  "post /v1/sales/{sale_id}/receipts": write(
    ({ sale_id }) => `/v1/sales/${sale_id}/receipts`,
    () => ({ format: "text" }),
  ),
  "post /v1/sales/{sale_id}/refunds": write(
    ({ sale_id }) => `/v1/sales/${sale_id}/refunds`,
    () => ({ lines: [{ line_no: 2, quantity: 1 }], payments: [{ method: "cash", amount: 100 }], reason: "It broke" }),
    once,
  ),
  "post /v1/sales/{sale_id}/refunds/quote": write(
    ({ sale_id }) => `/v1/sales/${sale_id}/refunds/quote`,
    () => ({ lines: [{ line_no: 3, quantity: 1 }] }),
  ),
  "post /v1/refunds": write(
    () => "/v1/refunds",
    (shop) => ({ ...saleOf(shop, 1), reason: "Without its bill" }),
    once,
  ),
  "get /v1/refunds": read(({ store }) => `/v1/refunds?store_id=${store.id}`),
  "get /v1/refunds/{refund_id}": read(({ refund_id }) => `/v1/refunds/${refund_id}`),

  ...SHIFT_EXAMPLES,

  "post /v1/approvals": async ({ admin, store }) => {
    const { id, username } = await createUser("employee", [store.id]);
    await setPin(id, store.id, PIN);
    const body = { action: "discount", manager: username, pin: PIN, store_id: store.id };
    return { path: "/v1/approvals", token: admin.token, body };
  },

  "post /v1/sync/commands": write(
    () => "/v1/sync/commands",
    (shop) => ({ terminal_id: shop.terminal.id, commands: [command(shop, 3), command(shop, 4)] }),
  ),
  "get /v1/sync/exceptions": read(() => "/v1/sync/exceptions"),
  "post /v1/sync/exceptions/{exception_id}/resolve": async (shop) => {
    const path = "/v1/sync/exceptions";
    const token = shop.admin.token;
    return {
      path: `${path}/${await leaveHole(shop, await newTill(shop))}/resolve`,
      token,
      body: { note: "Repaired." },
    };
  },

  "get /v1/customers": read(() => "/v1/customers"),
  "post /v1/customers": write(
    () => "/v1/customers",
    () => ({ name: "Bea Baker", phone: "0171 555" }),
  ),
  "post /v1/customers/search": write(
    () => "/v1/customers/search",
    () => ({ name: "Ann" }),
  ),
  "get /v1/customers/{id}": read(({ customer_id }) => `/v1/customers/${customer_id}`),
  "get /v1/salespeople": read(() => "/v1/salespeople"),
  "post /v1/salespeople": write(
    () => "/v1/salespeople",
    () => ({ code: unique(), name: "Sid", commission_ppm: 0 }),
  ),
  "get /v1/salespeople/{id}": read(({ salesperson_id }) => `/v1/salespeople/${salesperson_id}`),

  ...ACCOUNT_EXAMPLES,

  "get /v1/reports/daily": read(({ store }) => `/v1/reports/daily?store_id=${store.id}`),
  "get /v1/reports/sales": read(({ store }) => {
    return `/v1/reports/sales?store_id=${store.id}&from=2026-01-01&to=2026-12-31&group_by=day`;
  }),
};
