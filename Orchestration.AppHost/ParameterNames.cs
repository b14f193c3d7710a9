namespace Orchestration.AppHost;

/// <summary>The parameters of the system, each <c>Parameters:{name}</c> in configuration.</summary>
internal static class ParameterNames
{
    public const string PostgresPassword = "postgres-password";
    public const string RedisPassword = "redis-password";
    public const string MessagingUser = "messaging-user";
    public const string MessagingPassword = "messaging-password";
    public const string IdentityKey = "identity-key";
    public const string KeyPepper = "key-pepper";
    public const string CredentialMasterKey = "credential-master-key";
    public const string AlertMasterKey = "alert-master-key";
    public const string DevelopmentKey = "development-key";
    public const string AdminKey = "admin-key";
    public const string SignInToken = "sign-in-token";
    public const string TelemetryKey = "telemetry-key";

    public static string DatabasePassword(string owner) => $"{owner}-database-password";
}
