-- Whom the keys of operators act for: nobody. An operator's key that belonged to a person went when that person was erased.
insert into users (id, email) values ('00000000-0000-0000-0000-000000000000', 'installation@self-sensored.invalid')
on conflict do nothing;
