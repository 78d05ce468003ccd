-- Customers belong to the whole company; salespeople earn on what they sell.

CREATE TABLE customers (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  phone TEXT,
  email TEXT COLLATE NOCASE,
  address TEXT,
  note TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT customers_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT customers_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT customers_phone_length CHECK (length(phone) BETWEEN 3 AND 40),
  CONSTRAINT customers_email_length CHECK (length(email) BETWEEN 3 AND 254),
  CONSTRAINT customers_address_length CHECK (length(address) <= 1000),
  CONSTRAINT customers_note_length CHECK (length(note) <= 1000)
) STRICT;

CREATE INDEX customers_by_name ON customers (name COLLATE NOCASE);
CREATE INDEX customers_by_phone ON customers (phone) WHERE phone IS NOT NULL;
CREATE INDEX customers_by_email ON customers (email) WHERE email IS NOT NULL;

CREATE TABLE salespeople (
  arrival INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name TEXT NOT NULL,
  commission_ppm INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT salespeople_id_is_uuid7 CHECK (id GLOB '????????-????-7???-[89ab]???-????????????'),
  CONSTRAINT salespeople_code_length CHECK (length(code) BETWEEN 1 AND 20),
  CONSTRAINT salespeople_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT salespeople_commission_bounds CHECK (commission_ppm BETWEEN 0 AND 1000000)
) STRICT;
