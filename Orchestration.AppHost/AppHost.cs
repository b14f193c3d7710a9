using Orchestration.AppHost;
using Orchestration.ServiceDefaults;

var builder = DistributedApplication.CreateBuilder(args);
GeneratedSecrets.AddTo(builder.Configuration);

var developmentKey = builder.AddParameter(ParameterNames.DevelopmentKey, secret: true);
var adminKey = builder.AddParameter(ParameterNames.AdminKey, secret: true);
var signInToken = builder.AddParameter(ParameterNames.SignInToken, secret: true);
var keyPepper = builder.AddParameter(ParameterNames.KeyPepper, secret: true);
var credentialMasterKey = builder.AddParameter(ParameterNames.CredentialMasterKey, secret: true);
var alertMasterKey = builder.AddParameter(ParameterNames.AlertMasterKey, secret: true);
var telemetryKey = builder.AddParameter(ParameterNames.TelemetryKey, secret: true);
var services = new ServiceFactory(builder);
var stores = BackingStores.AddTo(builder);

var simulator = services.Add<Projects.Orchestration_Simulator>(ResourceNames.Simulator);

var metrics = services.AddDatabaseOwner<Projects.Orchestration_Metrics>(ResourceNames.Metrics, stores)
    .WaitFor(stores.Messaging)
    .WithEnvironment("Telemetry__ApiKey", telemetryKey)
    .WithEnvironment("Alerts__MasterKey", alertMasterKey);

var providers = services.AddDatabaseOwner<Projects.Orchestration_Providers>(ResourceNames.Providers, stores)
    .WithEnvironment("Credentials__MasterKey", credentialMasterKey);

var routing = services.AddDatabaseOwner<Projects.Orchestration_Routing>(ResourceNames.Routing, stores)
    .WithReference(providers)
    .WithReference(simulator);

var indexing = services.AddDatabaseOwner<Projects.Orchestration_Indexing>(ResourceNames.Indexing, stores)
    .WaitFor(stores.Messaging);

var console = services.Add<Projects.Orchestration_Console>(ResourceNames.Console)
    .WithExternalHttpEndpoints();

// The gateway's migration stores the generated keys.
var gateway = services.AddDatabaseOwner<Projects.Orchestration_Gateway>(ResourceNames.Gateway, stores, healthEndpoint: "admin", configure: project => project
        .WithReference(stores.Redis)
        .WithEnvironment("Keys__Pepper", keyPepper)
        .WithEnvironment("Bootstrap__DevelopmentKey", developmentKey)
        .WithEnvironment("Bootstrap__AdminKey", adminKey)
        .WithEnvironment("Bootstrap__SignInToken", signInToken)
        .WithEnvironment("Gateway__DataDirectory", services.DataFolder(ResourceNames.Gateway)))
    .WithReference(routing)
    .WithReference(providers)
    .WithReference(metrics)
    .WithReference(indexing)
    .WithReference(console)
    .WithReference(simulator)
    .WaitFor(stores.Redis)
    .WaitFor(routing)
    .WaitFor(providers)
    .WithExternalHttpEndpoints();

metrics.WithReference(routing);
indexing.WithReference(gateway);
console.WithReference(gateway);

builder.Build().Run();
