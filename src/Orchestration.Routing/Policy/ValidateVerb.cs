using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Policy;

/// <summary>
/// Checks policy files without a service or a database, for a build that guards them: <c>validate FILE… [--overlay TENANT=FILE]…</c>.
/// Models and prices are those that this build was shipped with. <c>validate --schema</c> and <c>validate --overlay-schema</c> print the
/// JSON schemas.
/// </summary>
internal static class ValidateVerb
{
    public const string Name = "validate";
    private const string OverlayOption = "--overlay";

    /// <returns>0 when all are right, 1 when any has a mistake, 2 when the arguments make no sense.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        if (arguments is ["--schema" or "--overlay-schema"])
        {
            output.Write(arguments[0] == "--schema" ? PolicySchema.Installation : PolicySchema.Overlay);
            return 0;
        }

        if (Parse(arguments) is not var (files, overlays))
        {
            errors.WriteLine($"usage: {Name} FILE... [{OverlayOption} TENANT=FILE]...");
            return 2;
        }

        try
        {
            var catalogue = CatalogueReader.ReadShipped();
            var texts = overlays.ToDictionary(overlay => overlay.Key, overlay => File.ReadAllText(overlay.Value));
            var wrong = files.Count(file => !IsRight(file, texts, overlays, catalogue, output));
            return wrong == 0 ? 0 : 1;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(unreadable.Message);
            return 2;
        }
    }

    private static bool IsRight(
        string file, Dictionary<string, string> texts, Dictionary<string, string> overlays, ModelCatalogue catalogue, TextWriter output)
    {
        try
        {
            var policy = new PolicyTexts(File.ReadAllText(file), texts).Checked(catalogue);
            output.WriteLine($"{file}: '{policy.Label}' is right");
            return true;
        }
        catch (InvalidPolicyException invalid)
        {
            foreach (var error in invalid.Errors)
                output.WriteLine($"{(error.Tenant.Length > 0 ? overlays[error.Tenant] : file)}:{error.Line}:{error.Column}: {error.Path} {error.Message}");
            return false;
        }
    }

    private static (List<string> Files, Dictionary<string, string> Overlays)? Parse(IReadOnlyList<string> arguments)
    {
        var (files, overlays) = (new List<string>(), new Dictionary<string, string>(StringComparer.Ordinal));
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == OverlayOption)
            {
                if (++i == arguments.Count || arguments[i].Split('=', 2) is not [{ Length: > 0 } tenant, { Length: > 0 } file] || !overlays.TryAdd(tenant, file)) return null;
            }
            else if (arguments[i].StartsWith('-'))
            {
                return null;
            }
            else
            {
                files.Add(arguments[i]);
            }
        }

        return files.Count > 0 ? (files, overlays) : null;
    }
}
