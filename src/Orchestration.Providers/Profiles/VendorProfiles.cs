namespace Orchestration.Providers.Profiles;

/// <summary>All vendor profiles, read and checked when the process starts.</summary>
internal sealed class VendorProfiles
{
    private const string DefaultProvider = "default";

    private readonly Dictionary<string, VendorProfile> _profiles;
    private readonly VendorProfile _default;

    private VendorProfiles(Dictionary<string, VendorProfile> profiles)
    {
        _profiles = profiles;
        _default = profiles[DefaultProvider];
    }

    /// <summary>Every vendor by name; without the default profile.</summary>
    public IEnumerable<VendorProfile> Vendors =>
        _profiles.Values.Where(p => p.Provider != DefaultProvider).OrderBy(p => p.Provider, StringComparer.Ordinal);

    /// <summary>The profile of a provider; the default one for a provider without a file.</summary>
    public VendorProfile For(string provider) => _profiles.GetValueOrDefault(provider, _default);

    /// <exception cref="InvalidDataException">A file is malformed; the message names file and member.</exception>
    public static VendorProfiles Load(string directory)
    {
        var profiles = new Dictionary<string, VendorProfile>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal))
        {
            var profile = ProfileFile.Read(path);
            if (ProfileProblems.Find(profile, Path.GetFileNameWithoutExtension(path)) is { } problem)
                throw new InvalidDataException($"Vendor profile {path}: {problem}.");
            profiles.Add(profile.Provider, profile);
        }

        return profiles.ContainsKey(DefaultProvider)
            ? new VendorProfiles(profiles)
            : throw new InvalidDataException($"Vendor profiles in {directory}: there is no {DefaultProvider}.json.");
    }
}
