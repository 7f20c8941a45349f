import{n as e}from"./chunk-N53WCGJR.js";var a=["en","hu","sl","fr","zh"],g=()=>a.find(n=>n===e.value)??"en";export{a,g as b};
