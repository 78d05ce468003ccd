// The sign-in page: one view for who is signed out, one for who is signed in.
import { call, keepCsrfToken, Refusal, renewSession, signOutByBeacon } from "./api.js";
import { addPasskey, signInWithPasskey, signInWithPassword, whyNoPasskeys } from "./passkeys.js";
import { describeAgent, describePasskey, describeSession, describeTime, describeUser } from "./words.js";

/**
 * `leave` or `stay`: somebody signed in here, and what closing the window means. No token: those are in cookies that no
 * script reads. Without it the page does not ask who is signed in, because nobody is.
 */
const MEMORY = "regal-session";

const byId = (id) => document.getElementById(id);

let user = null;

// What is said

function say(text) {
  byId("alert").hidden = true;
  byId("status").textContent = text;
  byId("status").hidden = text === "";
}

function complain(error) {
  const problem =
    error instanceof Refusal
      ? error.problem
      : { code: "internal", detail: "Something went wrong on this page. Reload it." };
  byId("status").hidden = true;
  const parts = [problem.detail];
  if (typeof problem.type === "string") {
    const link = element("a", { href: problem.type, target: "_blank", rel: "noopener" }, "What this means");
    parts.push(" ", link);
  }
  byId("alert").replaceChildren(...parts);
  byId("alert").hidden = false;
  byId("alert").scrollIntoView({ block: "nearest" });
  if (!(error instanceof Refusal)) throw error;
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Runs what a button starts: once at a time, and with what goes wrong told. */
async function work(button, task) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  say("");
  try {
    await task();
  } catch (error) {
    if (error instanceof Refusal && ["unauthenticated", "session_revoked"].includes(error.problem.code) && user) {
      showSignedOut();
    }
    complain(error);
  } finally {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

/** Says beside each field of a form what the API found wrong with it, and takes the person there; false for none. */
function markFields(form, problem) {
  for (const note of form.querySelectorAll(".field-error")) note.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  }
  const found = (problem?.errors ?? []).map(({ pointer, detail }) => [
    form.elements.namedItem(pointer.slice(1)),
    detail,
  ]);
  const wrong = found.filter(([input]) => input instanceof HTMLInputElement);
  for (const [input, detail] of wrong) {
    const note = element("span", { class: "field-error", id: `${input.id}-error`, role: "alert" });
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-errormessage", note.id);
    input.after(note);
    note.textContent = `This ${detail}.`;
  }
  wrong[0]?.[0].focus();
  return wrong.length > 0;
}

function onSubmit(form, task) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void work(form.querySelector("[type=submit]"), async () => {
      markFields(form, null);
      try {
        await task(Object.fromEntries(new FormData(form)));
      } catch (error) {
        if (!(error instanceof Refusal) || !markFields(form, error.problem)) throw error;
      }
    });
  });
}

// Signed out

function showSignedOut() {
  user = null;
  localStorage.removeItem(MEMORY);
  keepCsrfToken(null);
  setLeaving(true);
  byId("signed-in").hidden = true;
  byId("signed-out").hidden = false;
  document.title = "Sign in - Regal POS";
  byId("username").focus();
}

async function enter(signIn) {
  await signIn();
  const leaving = isLeaving();
  byId("sign-in-form").reset();
  remember(leaving);
  await showSignedIn();
}

/** The store code that was typed, as a member of a request. */
function storeOf(text) {
  const code = text.trim().toUpperCase();
  return code === "" ? {} : { store_code: code };
}

onSubmit(byId("sign-in-form"), async ({ username, password, store_code }) => {
  await enter(async () => signInWithPassword({ username, password, ...storeOf(store_code) }));
});

byId("passkey-sign-in").addEventListener("click", ({ currentTarget }) => {
  void work(currentTarget, async () => enter(async () => signInWithPasskey(storeOf(byId("store-code").value))));
});

// Signed in

async function showSignedIn() {
  user = await call("GET", "/v1/auth/me");
  const stores = await readStores();
  byId("account-title").textContent = user.full_name;
  byId("account-facts").textContent = describeUser(user, stores);
  byId("password-owner").value = user.username;
  byId("password-note").textContent = user.must_change_password
    ? "Choose a password of your own. Nothing else is permitted before."
    : "Changing it ends your other sessions.";
  byId("passkeys-card").hidden = user.must_change_password;
  await Promise.all([showSessions(stores), showPasskeys()]);
  byId("signed-out").hidden = true;
  byId("signed-in").hidden = false;
  document.title = `${user.full_name} - Regal POS`;
  if (user.must_change_password) byId("current-password").focus();
  else byId("account-title").focus();
}

/** Names of the user's stores by id; none for whom may not read them. */
async function readStores() {
  if (!user.permissions.includes("stores:read")) return new Map();
  const { data } = await call("GET", "/v1/stores?limit=200");
  return new Map(data.map(({ id, name }) => [id, name]));
}

async function showSessions(stores) {
  const { data } = await call("GET", "/v1/auth/sessions?limit=200");
  const newestFirst = data.toReversed().toSorted((one, other) => Number(other.current) - Number(one.current));
  byId("end-others").hidden = data.length < 2;
  byId("sessions").replaceChildren(
    ...newestFirst.map((session) => {
      const title = describeAgent(session.user_agent);
      const tags = session.current ? [element("span", { class: "tag" }, "This one")] : [];
      const label = `End the session of ${title}, opened ${describeTime(session.created_at)}`;
      const end = () => call("DELETE", `/v1/auth/sessions/${session.id}`);
      const buttons = session.current ? [] : [actionButton("End", label, end, "The session has ended.")];
      return record(title, tags, describeSession(session, stores), buttons);
    }),
  );
}

async function showPasskeys() {
  const { data } = await call("GET", "/v1/auth/passkeys?limit=200");
  byId("passkeys").hidden = data.length === 0;
  byId("passkeys").replaceChildren(
    ...data.map((passkey) => {
      const remove = async () => {
        if (!(await confirmRemoval(passkey.name))) return false;
        await call("DELETE", `/v1/auth/passkeys/${passkey.id}`);
        return true;
      };
      const button = actionButton("Remove", `Remove the passkey ${passkey.name}`, remove, "The passkey is removed.");
      return record(passkey.name, [], describePasskey(passkey), [button]);
    }),
  );
}

function record(title, tags, facts, buttons) {
  const words = element(
    "div",
    {},
    element("div", { class: "title" }, title, ...tags),
    element("div", { class: "facts" }, facts),
  );
  return element("li", {}, words, ...buttons);
}

/** A button of a record. What it does changes the lists, so they are read anew; false means that nothing was done. */
function actionButton(text, label, act, done) {
  const button = element("button", { type: "button", "aria-label": label }, text);
  button.addEventListener("click", () => {
    void work(button, async () => {
      if ((await act()) === false) return;
      await showSignedIn();
      say(done);
    });
  });
  return button;
}

function confirmRemoval(name) {
  const dialog = byId("remove-dialog");
  byId("remove-name").textContent = name;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "remove"), { once: true });
  });
}

byId("end-others").addEventListener("click", ({ currentTarget }) => {
  void work(currentTarget, async () => {
    await call("DELETE", "/v1/auth/sessions");
    await showSignedIn();
    say("All your other sessions have ended.");
  });
});

onSubmit(byId("passkey-form"), async ({ name }) => {
  const { name: added } = await addPasskey(name.trim());
  byId("passkey-form").reset();
  await showSignedIn();
  say(`The passkey ${added} is added: next time you can sign in with it.`);
});

onSubmit(byId("password-form"), async ({ current_password, new_password }) => {
  if (new_password !== byId("new-password-again").value) {
    throw new Refusal({ code: "page", detail: "The new password was not typed the same twice. Type it again." });
  }
  await call("POST", "/v1/auth/password", { current_password, new_password });
  byId("password-form").reset();
  // A session that was open for nothing but this gets its full rights with its next token.
  if (user.must_change_password) await renewSession({ always: true });
  await showSignedIn();
  say("Your password is changed, and your other sessions have ended.");
});

byId("sign-out").addEventListener("click", ({ currentTarget }) => {
  void work(currentTarget, async () => {
    await call("POST", "/v1/auth/logout");
    showSignedOut();
    say("You are signed out.");
  });
});

// A window that closes

function isLeaving() {
  return byId("leave-before").checked;
}

/** The choice stands in both views. */
function setLeaving(leaving) {
  for (const box of document.querySelectorAll(".leave")) box.checked = leaving;
}

function remember(leaving) {
  setLeaving(leaving);
  localStorage.setItem(MEMORY, leaving ? "leave" : "stay");
}

for (const box of document.querySelectorAll(".leave")) {
  box.addEventListener("change", () => (user ? remember(box.checked) : setLeaving(box.checked)));
}

window.addEventListener("pagehide", () => {
  if (!user || !isLeaving()) return;
  signOutByBeacon();
  showSignedOut();
});

// Another window has signed out.
window.addEventListener("storage", ({ key, newValue }) => {
  if (!user || key !== MEMORY || newValue !== null) return;
  showSignedOut();
  say("You were signed out in another window.");
});

// Start

const obstacle = whyNoPasskeys();
if (obstacle !== null) {
  byId("passkey-sign-in").disabled = true;
  byId("passkey-note").textContent = obstacle;
  byId("passkey-form").hidden = true;
  byId("passkey-add-note").textContent = obstacle;
  byId("passkey-add-note").hidden = false;
}

async function start() {
  const memory = localStorage.getItem(MEMORY);
  if (memory === null) return showSignedOut();
  try {
    if (await renewSession()) {
      setLeaving(memory === "leave");
      return await showSignedIn();
    }
    return showSignedOut();
  } catch (error) {
    showSignedOut();
    return complain(error);
  }
}

void start();
