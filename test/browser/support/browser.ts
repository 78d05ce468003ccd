import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { chromiumFlags, findChromium, HOW_TO_INSTALL } from "../../../scripts/browser/chromium.ts";

/** How long a step of a test waits for what the page should show. */
const ACTION_MS = 10_000;

/** The machine's Chromium, without a window. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium(process.env);
  if (executablePath === null) throw new Error(HOW_TO_INSTALL);
  return chromium.launch({ executablePath, args: chromiumFlags() });
}

/** A page, and all that went wrong on it: errors of the console, of scripts, and what the CSP held back. */
export interface WatchedPage {
  page: Page;
  faults: string[];
}

export async function openPage(context: BrowserContext): Promise<WatchedPage> {
  const page = await context.newPage();
  page.setDefaultTimeout(ACTION_MS);
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || /Content.Security.Policy/i.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => {
    faults.push(error.message);
  });
  return { page, faults };
}

/** An authenticator inside the device that has verified its user, such as a fingerprint reader. */
export async function addAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Closes a window as a person does, so that the page hears of it. */
export async function closeWindow(page: Page): Promise<void> {
  const closed = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await closed;
}
