namespace Orchestration.ServiceDefaults;

/// <summary>Names of the resources as the AppHost, service discovery, telemetry and the ledger know them.</summary>
public static class ResourceNames
{
    public const string Gateway = "gateway";
    public const string Routing = "routing";
    public const string Providers = "providers";
    public const string Indexing = "indexing";
    public const string Metrics = "metrics";
    public const string Console = "console";
    public const string Simulator = "simulator";
    public const string Postgres = "postgres";
    public const string Redis = "redis";
    public const string Messaging = "messaging";
}
