/** What text may hold. */

export function normalizeText(text: string): string {
  return text.normalize("NFC").trim();
}

// C0 and C1 controls (Cc), halves of surrogate pairs (Cs), noncharacters and what else no text is made of (Cn is not
// taken: a newer Unicode may have given it a meaning); line and paragraph separators, which end a line only for some;
// bidirectional overrides and isolates (Trojan Source, CVE-2021-42574); what is not seen at all, tags among it, so that
// two names that look the same are the same. The joiners U+200C and U+200D stay: Persian, Indic scripts and emoji need
// them, and so do the marks U+200E and U+200F.
const FORBIDDEN =
  /(?!\n)[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u00ad\u180e\u200b\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/** Whether text has characters that are not seen or turn what is seen around, or (in one-line text) line feeds. */
export function hasForbiddenCharacters(text: string, options: { multiline: boolean } = { multiline: false }): boolean {
  return FORBIDDEN.test(text) || (!options.multiline && text.includes("\n"));
}
