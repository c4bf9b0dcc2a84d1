### Matches and cases

monitoring-sub = Suspect copies compared with the library, and the cases opened over them.
matches = Matches
matches-search = Search suspect copies
matches-empty = No comparisons yet
matches-empty-why = The monitor step compares fingerprints of suspect copies with the library; one similar frame proves nothing, a run of them does.
suspect = Suspect copy
verdict = Verdict
verdict-match = Match
verdict-weak = Weak match
verdict-insufficient-content = Too little content
verdict-no-match = No match
verdict-match-why =
    { $count ->
        [one] { $seconds } of the copy agree with the library frame by frame ({ $count } segment), along one line of time.
       *[other] { $seconds } of the copy agree with the library frame by frame ({ $count } segments), along one line of time.
    }
verdict-weak-why = { $seconds } look alike, which is not enough for a verdict; look at it yourself.
verdict-insufficient-content-why = The picture is too short or too still to compare.
verdict-no-match-why = No part agrees with the library.
score = Score
matched-time = Time in agreement
case = Case
case-opened = Opened
found = Found
match-sub = Library and copy on one clock
match-library = Library
match-copy = Copy
match-no-master = No master stands behind this.
match-no-copy = The copy has no proxy to play.
match-offset = Offset { $secs } s
play-both = Play both
segments = Segments
segments-on-library = Segments on the library's timeline
segment-library = Library (s)
segment-copy = Copy (s)
segment-distance = Mean distance
segment-edits = Edits
segment-goto = Go to seconds { $from } to { $to } of the library
span = { $from } – { $to }
bits = { $bits } of 256 bits
edit-crop = Crop
edit-mirror = Mirror
edit-letterbox = Letterbox
cases = Cases
cases-search = Search cases
cases-empty = No cases
cases-empty-why = A case is opened when a comparison matches, and its evidence goes into the ledger.
opened = Opened
case-open = Open
case-closed = Closed
case-of = Infringement case: “{ $title }”
case-page = Open the case
case-facts = The case
case-no-evidence = Not registered yet
case-see-match = See the match
case-see-evidence = See the evidence
case-close = Close the case
case-close-of = Close the case over “{ $title }”?
case-close-what = The case and its evidence stay; it is only no longer open.
case-closed-now = The case is closed.
