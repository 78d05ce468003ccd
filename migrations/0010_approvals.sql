-- An approval is signed and not kept; one that has been used is, so that no second use of it commits.
CREATE TABLE spent_approvals (
  id TEXT NOT NULL PRIMARY KEY,
  action TEXT NOT NULL,
  store_id TEXT NOT NULL REFERENCES stores (id),
  approved_by TEXT NOT NULL REFERENCES users (id),
  spent_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  CONSTRAINT spent_approvals_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT spent_approvals_action_known CHECK (
    action IN ('discount', 'price', 'refund_unlinked', 'void', 'close_other', 'drawer_difference')),
  CONSTRAINT spent_approvals_expires_at_form CHECK (expires_at GLOB '????-??-??T??:??:??.???Z')
) STRICT, WITHOUT ROWID;

CREATE INDEX spent_approvals_by_age ON spent_approvals (expires_at);

-- Whoever has left approves nothing any more, whatever a token says that they gave before.
CREATE TRIGGER spent_approvals_approver_active BEFORE INSERT ON spent_approvals
WHEN EXISTS (SELECT 1 FROM users WHERE id = NEW.approved_by AND active = 0)
BEGIN SELECT RAISE(ABORT, 'approver_inactive'); END;

CREATE TRIGGER spent_approvals_no_update BEFORE UPDATE ON spent_approvals
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
