
## Words that are not lost

kept-title = Du bist abgemeldet
kept-says = Nichts wurde veröffentlicht, und nichts ist verloren: was du geschrieben hast, steht hier. Melde dich an, das öffnet sich neben dieser Seite; komm dann zurück und mach weiter.
kept-sign-in = Anmelden
kept-go-on = Weiterschreiben
compose-session-new = Du hast dich seit dem Anfang neu angemeldet. Alles Geschriebene ist da: sieh es noch einmal an und veröffentliche es.
read-only-name = Nur Lesen.
read-only-says = Dieser Server kann gerade nichts speichern. Lesen und Suchen gehen; was du schreibst, bleibt in seinem Formular, bis es gesendet werden kann.
