import type { JSX } from 'preact';
import type { SettingsSection } from '../../../../handoff/settings/settings.ts';
import { isChanged, type FormKey } from '../../forms.ts';
import { hashOf } from '../../places.ts';
import { useStore } from '../../store.ts';
import { settingsPages, type SupervisionPlace } from '../../supervision-places.ts';
import { sectionKey, type SectionValue } from '../../supervision.ts';
import { useSurroundings } from '../surroundings.ts';
import { FormFrame } from './form.tsx';
import { GroupsForm, ResolutionsForm, TagsForm } from './lists.tsx';
import { HoursForm } from './hours.tsx';
import { Read } from './parts.tsx';
import { PromisesForm, SurveyForm } from './promises.tsx';
import { RoutingForm } from './routing.tsx';
import { Deliveries, WebhookForm } from './webhook.tsx';

/** What the desk goes by, a form per section. */
export function SettingsView({ place }: { place: Extract<SupervisionPlace, { view: 'settings' }> }): JSX.Element {
  return (
    <div class="settings">
      <SettingsNav current={place.section} />
      <div class="settings-page">
        <SettingsPage section={place.section} key={place.section} />
      </div>
    </div>
  );
}

function SettingsNav({ current }: { current: SettingsSection }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { forms } = useStore(desk.supervision.store);
  return (
    <nav class="settings-nav" aria-label={m.supervision.views.settings}>
      {settingsPages.map((section) => {
        const form = forms[sectionKey(section)];
        return (
          <a
            key={section}
            href={hashOf({ kind: 'supervision', view: 'settings', section })}
            aria-current={section === current ? 'page' : undefined}
            data-item={section}
          >
            {m.supervision.sections[section]}
            {form && isChanged(form) && (
              <span class="unsaved" title={m.supervision.unsaved}>
                <span class="sr-only">({m.supervision.unsaved})</span>
              </span>
            )}
          </a>
        );
      })}
    </nav>
  );
}

function SettingsPage({ section }: { section: SettingsSection }): JSX.Element {
  const { desk, m } = useSurroundings();
  const { forms, settings } = useStore(desk.supervision.store);
  const isRead = forms[sectionKey(section)] !== undefined;
  return (
    <>
      <header class="settings-head">
        <h2>{m.supervision.sections[section]}</h2>
        <p>{introOf(section, m.supervision)}</p>
      </header>
      <Read loaded={{ value: isRead ? section : null, state: settings.state }} rows={3}>
        {(shown) => <SectionForm section={shown} />}
      </Read>
      {section === 'webhook' && <Deliveries />}
    </>
  );
}

function introOf(section: SettingsSection, s: ReturnType<typeof useSurroundings>['m']['supervision']): string {
  return section === 'promises' ? s.policies.intro : s[section].intro;
}

/** What each section's form is given. */
export type SectionFields<Section extends SettingsSection> = {
  readonly value: SectionValue<Section>;
  readonly change: (value: SectionValue<Section>) => void;
};

function SectionForm({ section }: { section: SettingsSection }): JSX.Element {
  switch (section) {
    case 'groups':
      return <Section of="groups">{(fields) => <GroupsForm {...fields} />}</Section>;
    case 'routing':
      return <Section of="routing">{(fields) => <RoutingForm {...fields} />}</Section>;
    case 'hours':
      return <Section of="hours">{(fields) => <HoursForm {...fields} />}</Section>;
    case 'promises':
      return <Section of="promises">{(fields) => <PromisesForm {...fields} />}</Section>;
    case 'tags':
      return <Section of="tags">{(fields) => <TagsForm {...fields} />}</Section>;
    case 'resolutions':
      return <Section of="resolutions">{(fields) => <ResolutionsForm {...fields} />}</Section>;
    case 'survey':
      return <Section of="survey">{(fields) => <SurveyForm {...fields} />}</Section>;
    case 'webhook':
      return <Section of="webhook">{(fields) => <WebhookForm {...fields} />}</Section>;
  }
}

function Section<Of extends SettingsSection>(props: {
  of: Of;
  children: (fields: SectionFields<Of>) => JSX.Element;
}): JSX.Element {
  const { desk } = useSurroundings();
  const key: FormKey<SectionValue<Of>> = sectionKey(props.of);
  return (
    <FormFrame
      formKey={key}
      signed
      onSave={() => void desk.supervision.saveSection(props.of)}
      onOverrule={() => void desk.supervision.saveSection(props.of, true)}
    >
      {(value, change) => props.children({ value, change })}
    </FormFrame>
  );
}
