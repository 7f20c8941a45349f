import{n as e}from"./chunk-Z3QRJCCV.js";var a=["en","hu","sl","fr","zh"],g=()=>a.find(n=>n===e.value)??"en";export{a,g as b};
