import{j as o}from"./chunk-IIRX6DIC.js";var r=o([]),a=e=>r.value.filter(n=>n.conversation===e&&n.state==="staged"),t=()=>{},d=e=>t=e,i=e=>t(e);export{r as a,a as b,d as c,i as d};
