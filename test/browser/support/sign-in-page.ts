import { expect } from "vitest";
import type { Locator, Page } from "playwright-core";
import { BASE, type Person } from "./api.ts";

/** The sign-in page as a person uses it. */

export const SIGN_IN = `${BASE}/sign-in/`;

export async function fillIn(page: Page, { username, password }: Person): Promise<void> {
  await page.goto(SIGN_IN);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(username);
  await page.getByRole("textbox", { name: "Password", exact: true }).fill(password);
}

/** Signs in with name and password; `stay` takes off the tick that signs out with the window. */
export async function signIn(page: Page, person: Person, options: { stay: boolean } = { stay: false }): Promise<void> {
  await fillIn(page, person);
  const box = page.getByRole("checkbox", { name: "Shared computer" });
  await expectChecked(box, true);
  if (options.stay) await box.uncheck();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: person.full_name }).waitFor();
}

export async function expectChecked(box: Locator, checked: boolean): Promise<void> {
  expect(await box.isChecked()).toBe(checked);
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
}

/** Sends from inside the page, as a script of ours would; its cookies go with it. */
export async function fetchInPage(
  page: Page,
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  return page.evaluate(
    async (call) => {
      const response = await fetch(call.path, { method: call.method, headers: call.headers });
      const text = await response.text();
      return {
        status: response.status,
        body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>,
      };
    },
    { method, path, headers },
  );
}
