<<<<<<<< HEAD:console/dist/chunk-MIAUNQX2.js
import{a as o}from"./chunk-TOD6D5LS.js";var p=o({en:()=>import("./en-XR353GC5.js"),hu:()=>import("./hu-TD7Y67MQ.js"),sl:()=>import("./sl-346E6VQT.js"),fr:()=>import("./fr-HUVXI7PN.js"),zh:()=>import("./zh-WLBSTCSL.js")});export{p as a};
========
import{a as o}from"./chunk-DXTYK5ZK.js";var p=o({en:()=>import("./en-XR353GC5.js"),hu:()=>import("./hu-TD7Y67MQ.js"),sl:()=>import("./sl-346E6VQT.js"),fr:()=>import("./fr-HUVXI7PN.js"),zh:()=>import("./zh-WLBSTCSL.js")});export{p as a};
>>>>>>>> 92558ee (Hold the agent's and the supervisor's day by tests, and search in smaller steps):console/dist/chunk-S5HTHGJT.js
