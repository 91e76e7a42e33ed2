using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
);

const worker :Workerd.Worker = (
  modules = [(name = "main", esModule = "export default { test() { console.log(6 * 7); } };")],
  compatibilityDate = "2024-01-01",
);
