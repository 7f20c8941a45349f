import{a as o,b as r}from"./chunk-QHWDZHAH.js";import"./chunk-HEY7CQ6P.js";import"./chunk-QLAWPZFQ.js";import"./chunk-NDGT2UNC.js";import"./chunk-YKGNLDBK.js";export{r as Choice,o as default};
