### Ledger and evidence

ledger-sub = An append-only log of claims, co-signed by four authorities.
ledger-log = The log
ledger-origin = Origin
ledger-size = Entries
ledger-root = Root hash
ledger-empty = Nothing registered yet
ledger-empty-why = Evidence is made by the register step: a claim goes into the log and the authorities sign it.
authorities = Authorities
authority-up = In step
authority-behind = Behind
authority-down = Not reachable
authority-never = Has not signed yet.
authority-signed = Signed up to { $size } entries, { $time }
authority-key = Verification key
evidence = Evidence
evidence-list = Evidence
evidence-search = Search by title or code
evidence-code = Evidence code
evidence-registered = Registered
evidence-summary =
    { $count ->
        [one] “{ $title }” was registered on { $time } and signed by { $count } authority. The files are not in the ledger, only their digests.
       *[other] “{ $title }” was registered on { $time } and signed by { $count } authorities. The files are not in the ledger, only their digests.
    }
act = Act
act-work-registered = Work registered
act-master-registered = Master registered
act-licence-granted = Licence granted
act-licence-paid = Licence paid
act-infringement-found = Infringement found
act-document-registered = Document registered
leaf-index = Leaf index
leaf-hash = Leaf hash
tree-size = Ledger size at registration
signatures = Signatures
registered = Registered
registration = Registration
public-page = Public page
public-address = Public address
package-digest = Package SHA-256
file-package = Evidence package ({ $size })
claim = Claim
claim-raw = The whole claim
claim-schema = Schema
claim-act = Act
claim-made = Made
claim-title = Title
claim-work = Work
verify-title = Verify now
verify-now = Verify
verify-sub = Recomputes every digest, the Merkle proof and each authority's signature. The package can also be verified offline.
verify-ok = Every check passed.
verify-bad = It does not hold. What disagrees is listed below.
verify-proven = What it proves
verify-not-proven = What it does not prove
