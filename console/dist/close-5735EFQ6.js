import{a as o,b as r}from"./chunk-QPWOUHBH.js";import"./chunk-PGWL4N2T.js";import"./chunk-TWPWSPUM.js";import"./chunk-4DFQLTZA.js";import"./chunk-T4AZ2OBA.js";export{r as Choice,o as default};
