var n=new Set;function o(e){if(n.has(e))return;n.add(e);let t=new CSSStyleSheet;t.replaceSync(e),document.adoptedStyleSheets=[...document.adoptedStyleSheets,t]}export{o as a};
