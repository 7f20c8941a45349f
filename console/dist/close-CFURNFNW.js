import{a as o,b as r}from"./chunk-VQHH7OV7.js";import"./chunk-CLIZSIHU.js";import"./chunk-NLIVHCP2.js";import"./chunk-Y2GKUZY2.js";import"./chunk-CO6BM4D3.js";export{r as Choice,o as default};
