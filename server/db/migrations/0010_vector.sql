-- What an embedding service made of a question, by the service's model and the text's hash. Why kept: thousands of questions
-- would be sent again at every start and from every node. A text that changes has another hash; rows of a model that is no
-- longer used may be deleted at any time. Forward only.
create table knowledge_vector (
  model  text not null,
  hash   text not null,
  vector real[] not null check (cardinality(vector) > 0),
  primary key (model, hash)
);
