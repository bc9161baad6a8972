-- An entry is a state machine: whoever changes it says which revision was seen.
ALTER TABLE entries ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

-- The order that was made in place of this one.
ALTER TABLE orders ADD COLUMN superseded_by TEXT;

-- Whether what the provider gave for an address could not be used, and how many reads in a row brought nothing.
ALTER TABLE sessions ADD COLUMN url_unusable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN misses INTEGER NOT NULL DEFAULT 0;
