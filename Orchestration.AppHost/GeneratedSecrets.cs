using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Orchestration.ServiceDefaults;

namespace Orchestration.AppHost;

/// <summary>
/// Passwords and keys, made at the first start and kept in <c>secrets.json</c> of the data folder, readable by its owner only.
/// There is no default credential anywhere. A parameter that is configured otherwise stays as configured.
/// </summary>
internal static class GeneratedSecrets
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly string[] Owners =
        [ResourceNames.Gateway, ResourceNames.Routing, ResourceNames.Providers, ResourceNames.Indexing, ResourceNames.Metrics];

    public static void AddTo(ConfigurationManager configuration)
    {
        var secrets = Load(DataDirectories.Of(configuration));
        var settings = secrets.ToDictionary(secret => $"Parameters:{secret.Key}", secret => (string?)secret.Value);
        // A link from the scrollback of an earlier start should not sign anybody in.
        settings[$"Parameters:{ParameterNames.SignInToken}"] = GeneratedKey.Text(40);
        settings["AppHost:OtlpApiKey"] = secrets[ParameterNames.TelemetryKey];
        foreach (var name in settings.Keys.Where(name => configuration[name] is not null).ToList())
            settings.Remove(name);
        configuration.AddInMemoryCollection(settings);
    }

    private static Dictionary<string, string> Load(string folder)
    {
        DataDirectories.Create(folder);
        var path = Path.Combine(folder, "secrets.json");
        var secrets = File.Exists(path)
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? []
            : [];
        var known = secrets.Count;
        foreach (var (name, create) in Makers())
        {
            if (!secrets.ContainsKey(name))
                secrets[name] = create();
        }
        if (secrets.Count > known)
        {
            var fresh = $"{path}.{Environment.ProcessId}";
            PrivateFile.Write(fresh, JsonSerializer.Serialize(secrets, Indented));
            File.Move(fresh, path, overwrite: true);
        }
        return secrets;
    }

    private static IEnumerable<(string Name, Func<string> Create)> Makers() =>
    [
        (ParameterNames.PostgresPassword, Password),
        (ParameterNames.RedisPassword, Password),
        (ParameterNames.MessagingUser, () => "orchestration"),
        (ParameterNames.MessagingPassword, Password),
        .. Owners.Select(owner => (ParameterNames.DatabasePassword(owner), (Func<string>)Password)),
        (ParameterNames.IdentityKey, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        (ParameterNames.KeyPepper, () => GeneratedKey.Text(43)),
        (ParameterNames.CredentialMasterKey, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        (ParameterNames.AlertMasterKey, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        (ParameterNames.DevelopmentKey, () => GeneratedKey.Create("dev")),
        (ParameterNames.AdminKey, () => GeneratedKey.Create("admin")),
        (ParameterNames.TelemetryKey, Password),
    ];

    private static string Password() => GeneratedKey.Text(32);
}
