-- The password that was made for the first administrator is good for one sign-in, which has to set another one.
ALTER TABLE users ADD COLUMN one_time boolean NOT NULL DEFAULT false;
