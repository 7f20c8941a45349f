import{a as o,b as r}from"./chunk-474I35RL.js";import"./chunk-F3QJ7TOH.js";import"./chunk-7EKV2V4O.js";import"./chunk-4XXP6L3S.js";import"./chunk-OSTJPCKB.js";export{r as Choice,o as default};
