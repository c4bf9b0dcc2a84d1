### Home and the story

home-title = Home
story = The story in six verbs
verb-capture = Capture
verb-animate = Animate
verb-master = Master
verb-register = Register
verb-license = License
verb-monitor = Monitor
verb-capture-unit =
    { $count ->
        [one] take
       *[other] takes
    }
verb-animate-unit =
    { $count ->
        [one] character clip
       *[other] character clips
    }
verb-master-unit =
    { $count ->
        [one] master
       *[other] masters
    }
verb-register-unit =
    { $count ->
        [one] claim
       *[other] claims
    }
verb-license-unit =
    { $count ->
        [one] licence
       *[other] licences
    }
verb-monitor-unit =
    { $count ->
        [one] comparison
       *[other] comparisons
    }
licences-paid = { $count } paid
cases-open =
    { $count ->
        [one] { $count } case
       *[other] { $count } cases
    }
next-grant-licence = Next: grant a licence
next-review-match = Next: review a match
run-title = Run the whole story
run-sub = One performance through capture, animation, mastering, registration, licensing and monitoring. About a minute.
run-sub-first = Nothing is here yet. Walk all six steps with a generated performance, or with your own take and video. About a minute.
run-story = Run the whole story
run-own-files = Use your own take or video
choose-label = Choose files, or drop them anywhere
choose-help = Take: BVH or C3D; video: MP4, MOV, MKV, MXF and others. Uploads resume: after a reload choose the same file again.
title-zh = Chinese title
title-en = English title
last-run = Last run
run-running = Running
run-done = Done
run-failed = Failed
run-cancelled = Cancelled
run-page-sub = One run of the story, with the figures of each step
run-sources = Files used: { $files }
started-at = Started { $time }
story-run = Story run
story-steps = Steps of the story, { $done } of { $total } done
step-waiting = Waiting
step-running = Running
step-done = Done
step-failed = Failed
step-cancelled = Cancelled
work-rights = Rights in the work
figure-frames = Frames
figure-frame-rate-hz = Frame rate (Hz)
figure-duration-secs = Length
figure-joints = Joints
figure-markers = Markers
figure-warnings = Warnings
figure-source = Source
figure-source-format = Format
figure-triangles = Triangles
figure-pictures = Pictures rendered
figure-width = Width (pixels)
figure-height = Height (pixels)
figure-masters = Masters
figure-code = Evidence code
figure-files = Files registered
figure-leaf-index = Leaf index
figure-tree-size = Ledger size
figure-authorities = Authorities
figure-package-bytes = Package size
figure-granted = Granted
figure-licences = Licences
figure-refused = Refused
figure-paid-minor = Paid (minor units)
figure-library-titles = Titles in the library
figure-matches = Matches
figure-case-evidence = Case evidence
