import{n as e}from"./chunk-CO6BM4D3.js";var a=["en","hu","sl","fr","zh"],g=()=>a.find(n=>n===e.value)??"en";export{a,g as b};
