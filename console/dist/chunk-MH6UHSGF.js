<<<<<<<< HEAD:console/dist/chunk-VPTYGHQ4.js
import{c as i}from"./chunk-7YCDXMDK.js";import{N as n,p as l,q as g,s as o,t as u}from"./chunk-MAUMUF7U.js";function c({id:t}){return n("select",{id:t,class:"select","aria-label":t?void 0:u("settings.language"),value:g.value,onChange:e=>{let a=e.currentTarget.value;i.value=a,o(a)},children:Object.entries(l).map(([e,a])=>n("option",{value:e,lang:e,children:a},e))})}export{c as a};
========
import{c as i}from"./chunk-EDQN3SWM.js";import{N as n,p as l,q as g,s as o,t as u}from"./chunk-IIRX6DIC.js";function c({id:t}){return n("select",{id:t,class:"select","aria-label":t?void 0:u("settings.language"),value:g.value,onChange:e=>{let a=e.currentTarget.value;i.value=a,o(a)},children:Object.entries(l).map(([e,a])=>n("option",{value:e,lang:e,children:a},e))})}export{c as a};
>>>>>>>> c5f5d4a (Show and send files in the console):console/dist/chunk-MH6UHSGF.js
