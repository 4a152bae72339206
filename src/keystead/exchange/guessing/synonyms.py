"""The headings people give their columns, in English and German."""

import re

from keystead.exchange.guessing.fields import Field
from keystead.kernel.text import folded

_SAID: dict[Field, str] = {
    Field.KEY: """key | key code | key symbol | symbol | key id | key ref | key reference | key
        mark | schließung | schliessung | schlüssel | schluessel | schlüsselsymbol |
        schlüsseltyp | schlüsselbezeichnung | schließgruppe | which key | welcher
        schlüssel | keyset | key set""",
    Field.KEY_NAME: """key name | name of key | key description | description | bezeichnung |
        schlüsselname | beschreibung | key title""",
    Field.NUMBER: """key # | # | copy | copy # | copy no | copy number | copy nr | serial | serial
        no | serial number | exemplar | kopie | kopie nr | exemplar nr | stempel |
        stamp | issue no""",
    Field.COUNT: """copies | count | qty | quantity | number of keys | no of keys | number of
        copies | keys in set | keys on ring | how many | stück | stueck | stk | anzahl
        | menge | anzahl schlüssel | stückzahl | keys""",
    Field.OPENS: """opens | door | doors | lock | locks | tür | türe | türen | tuer | schloss |
        gate | opens door | fits | for | sperrt | access point | door name | opens
        what""",
    Field.SITE: """property | address | site | objekt | liegenschaft | adresse | anwesen |
        premises | estate | property address | immobilie | standort""",
    Field.BUILDING: """building | bldg | house | gebäude | gebaeude | haus | block | trakt | bau |
        building name""",
    Field.ROOMS: """room | rooms | raum | räume | raeume | zimmer | room no | room number | raum
        nr | unit | flat | wohnung | whg | area""",
    Field.HOOK: """hook | peg | position | hook no | hook # | hook number | container | cabinet |
        haken | haken nr | schlüsselkasten | fach | kasten | platz | storage |
        lagerort | box | slot | hook/position | stored in""",
    Field.WHERE: """where | whereabouts | where is it | kept | where kept | wo | aufbewahrung |
        verbleib | location | who has it | wer hat | wer hat ihn | now at | current
        location | aufbewahrungsort""",
    Field.HOLDER: """holder | name | with | issued to | borrower | keyholder | key holder | person
        | who | inhaber | empfänger | ausgegeben an | besitzer | träger | mieter |
        tenant | employee | assigned to | held by | out to | checked out to | given to
        | nutzer | mitarbeiter | name des inhabers | schlüsselträger | entleiher |
        full name | staff""",
    Field.HOLDER_LAST: """holder last | last name | surname | last | nachname | familienname
        | family name | holder last name | holder surname""",
    Field.HOLDER_FIRST: """holder first | first name | first | vorname | given name | forename
        | holder first name""",
    Field.FIRM: """firm | company | contractor | firma | unternehmen | vendor | organisation |
        organization | employer""",
    Field.DEPARTMENT: """dept | department | abteilung | abt | team | division | cost centre | cost
        center | bereich | kostenstelle""",
    Field.ISSUED: """date issued | issued | issue date | out | date out | given | given on | issued
        on | issued at | checked out | taken | taken on | ausgegeben am | ausgabe |
        ausgabe am | ausgabedatum | ausgegeben | übergeben am | übergabe | since |
        seit | time out | date given | date | datum | check out""",
    Field.DUE: """due | due date | due back | return by | expected | expected back | rückgabe
        bis | fällig | fällig am | bis | expires | due at | zurück bis""",
    Field.RETURNED: """date returned | returned | return date | in | date in | back | back on |
        zurück am | zurück | rückgabe | rückgabe am | rückgabedatum | zurückgegeben am
        | returned on | time in | returned at | check in | check-in""",
    Field.STATUS: "status | state | zustand | key status | in/out",
    Field.DEPOSIT: "deposit | kaution | pfand | deposit paid | key deposit",
    Field.SIGNATURE: """signature | signed | sign | initials | unterschrift | quittung
        | kürzel | signature holder""",
    Field.SET: "set | bunch | ring | bund | schlüsselbund | satz | key ring | keyring",
    Field.CODE: """code | codes | pin | alarm code | alarm | alarmcode | kennwort | passwort |
        password | combination | kombination | door code | zahlencode | geheimzahl |
        keypad | türcode | keypad code | safe code | pin code""",
    Field.NOTE: """comments | comment | notes | note | remark | remarks | bemerkung | bemerkungen
        | notiz | notizen | hinweis | hinweise | anmerkung | anmerkungen | kommentar |
        info | misc | details | sonstiges | memo""",
}
# "Key no" names the key in one register and the copy in the next: both are kept in mind.
_EITHER = """key no | key number | key nr | key num | schl nr | schlüssel nr |
        schlüsselnummer | schlüsselnr | nr | no | nummer | number | lfd nr | tag | tag
        no | key tag"""

_EXACT: dict[str, dict[Field, float]] = {}
for _field, _names in _SAID.items():
    for _name in _names.split("|"):
        _EXACT.setdefault(folded(_name), {})[_field] = 1.0
for _name in _EITHER.split("|"):
    _EXACT[folded(_name)] = {Field.NUMBER: 0.8, Field.KEY: 0.7}

_PARTS: tuple[tuple[str, Field], ...] = (
    (r"\b(last|sur)[ -]?name|nachname|\blast$", Field.HOLDER_LAST),
    (r"\b(first|given|fore)[ -]?name|vorname|\bfirst$", Field.HOLDER_FIRST),
    (r"\breturned\b|zurück|rückgabe", Field.RETURNED),
    (r"\bdue\b|fällig", Field.DUE),
    (r"\bissued?\b.*\b(to|an)\b|ausgegeben an|inhaber|\bholder\b|empfänger", Field.HOLDER),
    (r"\bissued?\b|ausgabe|ausgegeben", Field.ISSUED),
    (r"\b(alarm|pin|door|gate|keypad)\b.*\bcode|kennwort|passwor[dt]|zahlencode", Field.CODE),
    (r"bemerkung|\bcomment|\bnotes?\b|\bremark|anmerkung|hinweis", Field.NOTE),
    (r"\bdeposit|kaution|pfand", Field.DEPOSIT),
    (r"signature|unterschrift", Field.SIGNATURE),
    (r"\bdep(artmen)?t\b|abteilung", Field.DEPARTMENT),
    (r"\bcompany|\bfirma?\b|contractor", Field.FIRM),
    (r"\bbuilding|\bbldg|gebäude", Field.BUILDING),
    (r"\brooms?\b|\braum|räume|zimmer", Field.ROOMS),
    (r"\bpropert|\baddress|adresse|objekt", Field.SITE),
    (r"\bhook|\bhaken|\bpeg\b|schlüsselkasten", Field.HOOK),
    (r"\bcop(y|ies)\b.*\b(count|number of)\b|anzahl|stück|\bqty|\bquantity", Field.COUNT),
    (r"\bcopy\b|exemplar|\bserial", Field.NUMBER),
    (r"\bdoors?\b|\btüre?n?\b|\bopens\b", Field.OPENS),
    (r"\bkey\b|schlüssel|schließ", Field.KEY),
    (r"\bstatus\b", Field.STATUS),
    (r"\bwhere\b|verbleib|aufbewahr", Field.WHERE),
)


def normal(header: str) -> str:
    """A heading without case, punctuation and the `(s)` of a plural."""
    text = folded(header).replace("(s)", "")
    return " ".join(re.sub(r"[_\-.:()*?\[\]\"']+", " ", text).split())


def meanings(header: str) -> dict[Field, float]:
    """What a heading may mean, each with how sure that is (0 to 1)."""
    text = normal(header)
    if not text or len(text) > 60:
        return {}
    if text in _EXACT:
        return dict(_EXACT[text])
    for pattern, field in _PARTS:
        if re.search(pattern, text):
            return {field: 0.6}
    return {}
