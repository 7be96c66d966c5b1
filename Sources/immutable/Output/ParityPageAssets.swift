/// What a parity page looks like, and its search.
enum ParityPageAssets {
    static let style = """
        :root { color-scheme: light dark; --ink: #1c2126; --soft: #57606a; --paper: #fff; --card: #f6f8fa; --line: #d0d7de;
          --good: #116329; --bad: #a40e26; --open: #7d4e00; --mark: #fff3c4; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b3; --paper: #0f1419; --card: #182028; --line: #364150;
          --good: #56d364; --bad: #ff8a80; --open: #e3b341; --mark: #4a3c00; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
          font: 1rem/1.5 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
        header p { margin: .25rem 0; color: var(--soft); }
        header .verdict { display: inline-block; margin-top: .75rem; padding: .25rem .75rem; border: 1px solid; border-radius: .5rem;
          font-weight: 600; background: var(--card); }
        .matched { color: var(--good); } .mismatched { color: var(--bad); } .inconclusive { color: var(--open); }
        tr.matched, tr.mismatched, tr.inconclusive { color: inherit; } tr.unchecked { color: var(--soft); }
        tr.matched td:nth-child(2) { color: var(--good); } tr.mismatched td:nth-child(2) { color: var(--bad); font-weight: 600; }
        tr.inconclusive td:nth-child(2) { color: var(--open); font-weight: 600; }
        table { width: 100%; margin: 1.5rem 0 0; border-collapse: collapse; }
        caption { text-align: start; padding-bottom: .5rem; color: var(--soft); }
        th, td { padding: .45rem .75rem; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: anywhere; }
        thead th { background: var(--card); font-size: .85rem; font-weight: 600; } tbody th { font-weight: 600; }
        .n { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .differences td, .differences tbody th { font-family: ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono", monospace; font-size: .9rem; }
        .differences th:first-child { width: 30%; } .differences td:nth-last-child(3) { width: 20%; }
        .differences .value:nth-last-child(2) bdi { color: var(--good); } .differences .value:last-child bdi { color: var(--bad); }
        .value bdi { white-space: pre-wrap; } .none { color: var(--soft); font-style: italic; }
        .evidence { margin: .25rem 0 0; padding: 0; list-style: none; font-weight: 400; font-size: .8rem; color: var(--soft); }
        .search { margin: 2rem 0 0; } .search input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft);
          border-radius: .4rem; padding: .3rem .6rem; min-width: 18rem; }
        input:focus-visible, summary:focus-visible { outline: 3px solid var(--open); outline-offset: 2px; }
        output { color: var(--soft); } details { margin-top: 1rem; } footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
        @media print { .search { display: none; } }
        """

    /// Shows the documents that contain what is typed. It reads text and sets attributes, and makes no HTML.
    static let script = """
        (() => {
          const field = document.getElementById("q");
          if (!field) return;
          const found = document.getElementById("found");
          const bodies = [...document.querySelectorAll(".differences tbody")].map(body => [body, body.textContent.toLowerCase()]);
          field.closest(".search").hidden = false;
          field.addEventListener("input", () => {
            const wanted = field.value.trim().toLowerCase();
            let count = 0;
            for (const [body, text] of bodies) {
              body.hidden = !text.includes(wanted);
              if (!body.hidden) count += 1;
            }
            found.textContent = wanted ? count + " of " + bodies.length : "";
          });
        })();
        """
}
