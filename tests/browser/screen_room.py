"""What has no room on a page: texts cut off or over one another, and a page that is too wide."""

from playwright.sync_api import Page


def without_room(page: Page) -> list[str]:
    """Return what is cut off, what lies over another text, and a page wider than its window."""
    found: list[str] = page.evaluate(WITHOUT_ROOM)
    return found


WITHOUT_ROOM = """() => {
    const faults = new Set(), texts = [];
    const above = e => e.assignedSlot || e.parentElement || (e.getRootNode().host ?? null);
    const name = t => t.trim().replace(/\\s+/g, ' ').slice(0, 50);
    const shown = e => e.checkVisibility({opacityProperty: true, visibilityProperty: true});
    const PAGE = '[data-testid=stMain], [data-testid=stSidebarContent]';
    const skipped = '[data-testid=stDataFrame], [data-testid=stTooltipContent], [hidden], '
        + '[data-testid=stSidebar][data-collapsed=true]';
    const walk = node => {
        if (node.nodeType === 3) return read(node);
        if (node.nodeType !== 1 || /^(style|script|title|desc)$/i.test(node.tagName)) return;
        if (node.matches(skipped) || !shown(node)) return;
        for (const child of (node.shadowRoot || node).childNodes) walk(child);
    };
    const read = node => {
        if (!node.data.trim()) return;
        const range = document.createRange();
        range.selectNodeContents(node);
        const boxes = [...range.getClientRects()].filter(b => b.width > 1 && b.height > 1);
        if (!boxes.length) return;
        const svg = node.parentElement.closest('svg');
        for (let at = node.parentElement; at && at.tagName !== 'BODY'; at = above(at)) {
            if (at.closest('svg') && at.tagName !== 'svg') continue;
            const style = getComputedStyle(at), edge = at.getBoundingClientRect();
            const hides = /hidden|clip/.test(style.overflowX) || at.tagName === 'svg';
            if (hides && edge.height <= 1) return;  // for screen readers alone
            if (style.overflowX === 'auto' && !at.matches(PAGE)) return;  // it scrolls by itself
            for (const b of hides ? boxes : []) {
                if (b.left < edge.left - 2 || b.right > edge.right + 2)
                    faults.add(`cut off: ${name(node.data)}`);
            }
        }
        for (const b of boxes) {
            if (b.right > innerWidth + 1 || b.left < -1) faults.add(`outside: ${name(node.data)}`);
            texts.push({text: node.data.trim(), node, b, svg});
        }
    };
    walk(document.body);
    const fixed = e => e.closest('[data-testid=stHeader], .st-key-window, [data-testid=stSidebar]')
        || (e.getRootNode().host ? fixed(e.getRootNode().host) : null);
    for (const one of texts) one.layer = fixed(one.node.parentElement);
    texts.sort((a, b) => a.b.top - b.b.top);
    for (let i = 0; i < texts.length; i++) {
        for (let j = i + 1; j < texts.length && texts[j].b.top < texts[i].b.bottom - 3; j++) {
            const [p, q] = [texts[i], texts[j]];
            if (p.text === q.text || p.layer !== q.layer || p.node === q.node) continue;
            const wide = Math.min(p.b.right, q.b.right) - Math.max(p.b.left, q.b.left);
            const high = Math.min(p.b.bottom, q.b.bottom) - Math.max(p.b.top, q.b.top);
            const least = p.svg ? 0.4 : 0.3;
            if (wide > 3 && high > least * Math.min(p.b.height, q.b.height))
                faults.add(`over one another: ${name(p.text)} / ${name(q.text)}`);
        }
    }
    const main = document.querySelector('[data-testid=stMain]');
    const [page, body] = [main.scrollWidth - main.clientWidth, document.body.scrollWidth];
    const wide = Math.max(page, body - innerWidth);
    if (wide > 1) faults.add(`sideways by ${wide}`);
    return [...faults];
}"""
