using System.Runtime.CompilerServices;
using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Binding;
using Chaos.Experiments.Files.Reading;
using Chaos.Experiments.Files.Rules;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files;

/// <summary>One call of <see cref="ExperimentFiles.Load"/>: text → YAML → schema → rules → definition, for each file.</summary>
internal sealed class ExperimentLoad
{
    // To build a schema takes much longer than to check a file against it.
    private static readonly ConditionalWeakTable<Catalogue, SchemaCheck> Schemas = [];

    private readonly Catalogue _catalogue;
    private readonly LoadOptions _options;
    private readonly List<FileError> _errors = [];
    private readonly FileFinder _files;
    private readonly WorldFinder _worldFinder;
    private readonly WorldFiles _worlds;
    private readonly BudgetFiles _budgets;
    private readonly OnCallFiles _onCall;
    private readonly AlertFiles _alerts;
    private readonly RunbookFiles _runbooks;
    private readonly Overrides _overrides;
    private readonly SchemaCheck _schema;
    private readonly ExperimentBinder _binder;
    private readonly Dictionary<ExperimentDefinition, SourceMap> _places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, Place> _ids = new(StringComparer.Ordinal);

    public ExperimentLoad(Catalogue catalogue, IReadOnlyDictionary<string, string> set, LoadOptions options)
    {
        (_catalogue, _options) = (catalogue, options);
        _files = new FileFinder(options.WorkingFolder, _errors);
        _worldFinder = new WorldFinder(options);
        _worlds = new WorldFiles(_files, _errors);
        _budgets = new BudgetFiles(options, _files, _errors);
        _onCall = new OnCallFiles(_files, _errors);
        _alerts = new AlertFiles(_onCall, null, _files, _errors);
        _overrides = new Overrides(set, _errors);
        _runbooks = new RunbookFiles(catalogue, _worldFinder, _worlds, _budgets, new Overrides(new Dictionary<string, string>(), _errors));
        _schema = Schemas.GetValue(catalogue, c => new SchemaCheck(ExperimentSchema.Build(c)));
        _binder = new ExperimentBinder(catalogue);
    }

    public LoadResult Run(IEnumerable<string> paths)
    {
        var experiments = new List<ExperimentDefinition>();
        foreach (var file in _files.Find(paths))
        {
            if (file.Role == FileRole.World) _worlds.Load(file.Path);
            else if (file.Role == FileRole.Budgets) _budgets.Load(file.Path);
            else if (file.Role == FileRole.Alerts) _alerts.Load(file.Path);
            else if (file.Role == FileRole.OnCall) _onCall.Load(file.Path);
            else if (file.Role == FileRole.Runbook) _runbooks.Read(file, _errors);
            else if (Experiment(file) is { } experiment) experiments.Add(experiment);
        }

        _overrides.ReportUnused(_errors);
        // A flag, or a world, that several experiments share gives one error.
        return new LoadResult(experiments, [.. _errors.Distinct().Order()]) { Places = _places };
    }

    private ExperimentDefinition? Experiment(FoundFile file)
    {
        var found = new List<FileError>();
        var experiment = Read(file, found);
        _errors.AddRange(found);
        return experiment;
    }

    private ExperimentDefinition? Read(FoundFile file, List<FileError> found)
    {
        if (SourceText.Read(file.Path, file.ShownAs, found) is not { } text || YamlDocument.Parse(text, file.ShownAs, found) is not { } document) return null;
        var syntax = found.Count;
        _overrides.Apply(document);
        var root = new Cursor(document.Root, "");
        _schema.Check(document, "the experiment", found);
        Id(root["id"], document.Map, found);
        var world = _worldFinder.Load(root["world"], file.Path, document.Map, _worlds, found);
        var context = new RuleContext(root, document.Map, _catalogue, world, found);
        ExperimentRules.Check(context);
        var budgetsPath = _budgets.PathFor(file.Path);
        var budgets = budgetsPath is null ? null : _budgets.Load(budgetsPath);
        BudgetRules.Check(context, budgetsPath is not null, budgets);
        var needsAlerts = AlertExpectationRules.Expectations(context).Any();
        var alertsPath = needsAlerts ? AlertFiles.PathFor(file.Path, _options.WorkingFolder) : null;
        var alerts = alertsPath is null ? null : _alerts.Load(alertsPath);
        AlertExpectationRules.Check(context, alertsPath is not null, alerts);
        YamlDocument.DropFollowUps(found, syntax);
        if (found.Count > 0 || world is null || (budgetsPath is not null && budgets is null) || (needsAlerts && alerts is null)) return null;
        var experiment = _binder.Bind(root, world, budgets, file.ShownAs) with { Alerts = alerts };
        _places[experiment] = document.Map;
        return experiment;
    }

    private void Id(Cursor id, SourceMap map, List<FileError> found)
    {
        if (id.Text is not { Length: > 0 } text) return;
        var place = map.Value(id.Pointer);
        if (!_ids.TryAdd(text, place))
            found.Add(place.Error($"duplicate experiment '{Words.Shown(text)}'", _ids[text] is { Line: > 0 } first ? $"{first.File}:{first.Line} has this id already; give this one an id of its own." : "Give this one an id of its own."));
    }
}
