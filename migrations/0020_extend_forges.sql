-- A forge of plain repositories behind ssh: the file with the keys that its host may show.

ALTER TABLE forges ADD COLUMN known_hosts text NOT NULL DEFAULT '';
